package org.medbackup.cli;

import java.time.temporal.ChronoUnit;
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
        var answer = new Answer()
                .field("location", found.location())
                .field("capabilities", capabilities(found))
                .field("throughput", throughput(found.throughput()))
                .field("left", found.left().objects());
        found.left().until().ifPresent(until -> answer.field("leftUntil", until.toString()));
        answer.line(found.location())
                .line(said(found.refusesExisting(), "a name that is taken is refused"))
                .line(said(found.atomic(), "of 24 writers at a time exactly one wins"))
                .line(said(found.wrongChecksumRejected(), "bytes with a wrong checksum are refused"))
                .line(said(found.deleteDenied(), "these credentials cannot delete"))
                .line(said(found.listing().complete(), "lists are complete"))
                .line(said(found.listing().ordered(), "lists are in order"))
                .line(said(found.listing().paged(), "lists tell the same in pages"))
                .line(said(found.rangesExact(), "ranges are read exactly"));
        worm(answer, found.worm());
        recall(answer, found.recall());
        answer.line("     " + ByteSizes.text(found.throughput().written()) + "/s written, "
                + ByteSizes.text(found.throughput().read()) + "/s read, one object of 4 MiB at a time");
        if (!found.isCreateOnly()) {
            answer.line("do not keep a repository here: two writers can overwrite each other");
        }
        if (found.worm().configured() && !found.worm().holds()) {
            answer.line("do not rely on locks here: the location asks for them, and they do not hold");
        }
        if (found.recall().configured() && !found.recall().supported()) {
            answer.line("cold storage was not tried to its end: what was put there can be read at once");
        }
        return left(answer, found.left());
    }

    private static Map<String, Object> capabilities(TargetCapabilities found) {
        var capabilities = new LinkedHashMap<String, Object>();
        capabilities.put("putIfAbsent", members("refusesExisting", found.refusesExisting(), "atomic", found.atomic()));
        capabilities.put("checksum", members("wrongRejected", found.wrongChecksumRejected()));
        TargetCapabilities.Worm worm = found.worm();
        capabilities.put(
                "worm",
                members(
                        "configured", worm.configured(),
                        "supported", worm.isSupported(),
                        "setInPut", worm.setInPut(),
                        "deleteDenied", worm.configured() ? worm.deleteDenied() : found.deleteDenied(),
                        "shortenDenied", worm.shortenDenied(),
                        "extendAllowed", worm.extendAllowed()));
        TargetCapabilities.Cold recall = found.recall();
        capabilities.put(
                "recall",
                members(
                        "configured", recall.configured(),
                        "supported", recall.supported(),
                        "coldReadRefused", recall.coldReadRefused(),
                        "requested", recall.requested()));
        TargetCapabilities.Listing listing = found.listing();
        capabilities.put("listing", members("paged", listing.paged(), "ordered", listing.ordered()));
        capabilities.put("list", members("complete", listing.complete() && listing.ordered()));
        capabilities.put("read", members("ranges", found.rangesExact()));
        capabilities.put("delete", members("denied", found.deleteDenied()));
        return capabilities;
    }

    private static Map<String, Object> throughput(TargetCapabilities.Throughput throughput) {
        return members("write", throughput.written(), "read", throughput.read());
    }

    private static Map<String, Object> members(Object... namesAndValues) {
        var members = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
        }
        return members;
    }

    private static void worm(Answer answer, TargetCapabilities.Worm worm) {
        if (!worm.configured()) {
            answer.line("     locks were not tried: the location asks for none");
            return;
        }
        answer.line(said(worm.setInPut(), "an object comes with its lock, which the target knows afterwards"))
                .line(said(worm.deleteDenied(), "a locked object cannot be deleted"))
                .line(said(worm.shortenDenied(), "a lock cannot be made to end sooner"))
                .line(said(worm.extendAllowed(), "a lock can be made to last longer"));
    }

    private static void recall(Answer answer, TargetCapabilities.Cold recall) {
        if (!recall.configured()) {
            answer.line("     cold storage was not tried: the location is none");
            return;
        }
        answer.line(said(recall.supported(), "what is put there lies cold"))
                .line(said(recall.coldReadRefused(), "what lies cold is not read"))
                .line(said(recall.requested(), "what is asked for is on its way"));
    }

    private static Answer left(Answer answer, TargetCapabilities.Left left) {
        if (left.objects() == 0) {
            return answer;
        }
        answer.line(left.objects() + " objects below .probe/ remain, since the target keeps them");
        left.until()
                .ifPresent(until -> answer.line("the lock of the probe ends at " + until.truncatedTo(ChronoUnit.SECONDS)
                        + "; the object can be deleted then"));
        return answer;
    }

    private static String said(boolean seen, String what) {
        return (seen ? "yes  " : "no   ") + what;
    }
}
