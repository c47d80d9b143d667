package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.medbackup.core.ByteSizes;
import org.medbackup.service.MedBackup;
import org.medbackup.service.TargetCapabilities;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tries what a storage target does. */
@Command(name = "probe", description = "Tries what a storage target does, and takes away what it made there.")
final class TargetProbeCommand extends ProductCommand {

    @Parameters(paramLabel = "TARGET", description = "A name of the configuration, a path or a URI.")
    String location = "";

    @Override
    Answer answer(MedBackup product) {
        return answer(product.probeTarget(location));
    }

    static Answer answer(TargetCapabilities found) {
        var createOnly = new LinkedHashMap<String, Object>();
        createOnly.put("refusesExisting", found.refusesExisting());
        createOnly.put("atomic", found.atomic());
        var capabilities = new LinkedHashMap<String, Object>();
        capabilities.put("putIfAbsent", createOnly);
        capabilities.put("checksum", Map.of("wrongRejected", found.wrongChecksumRejected()));
        capabilities.put("worm", Map.of("deleteDenied", found.deleteDenied()));
        capabilities.put("list", Map.of("complete", found.listed()));
        capabilities.put("read", Map.of("ranges", found.rangesExact()));
        var throughput = new LinkedHashMap<String, Object>();
        throughput.put("write", found.written());
        throughput.put("read", found.read());
        var answer = new Answer()
                .field("location", found.location())
                .field("capabilities", capabilities)
                .field("throughput", throughput)
                .field("left", found.left())
                .line(found.location())
                .line(said(found.refusesExisting(), "a name that is taken is refused"))
                .line(said(found.atomic(), "of 24 writers at a time exactly one wins"))
                .line(said(found.wrongChecksumRejected(), "bytes with a wrong checksum are refused"))
                .line(said(found.deleteDenied(), "these credentials cannot delete"))
                .line(said(found.listed(), "lists are complete and in order"))
                .line(said(found.rangesExact(), "ranges are read exactly"))
                .line("     " + ByteSizes.text(found.written()) + "/s written, " + ByteSizes.text(found.read())
                        + "/s read, one object of 4 MiB at a time");
        if (!found.isCreateOnly()) {
            answer.line("do not keep a repository here: two writers can overwrite each other");
        }
        return found.left() == 0
                ? answer
                : answer.line(found.left() + " objects below .probe/ remain, since the target keeps them");
    }

    private static String said(boolean seen, String what) {
        return (seen ? "yes  " : "no   ") + what;
    }
}
