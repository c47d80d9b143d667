package org.medbackup.cli;

import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.medbackup.service.MedBackup;
import org.medbackup.service.RestoredSite;
import org.medbackup.service.SiteRestoreOrder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Restores the site on a machine that has nothing of it. */
@Command(
        name = "restore",
        description =
                "On a machine that has nothing of it, restores a site to where it was, or to --config and --state:"
                        + " configuration, plans, audit trail, catalogue, policies. Needs the repository's location and the owner's key.")
final class SiteRestoreCommand extends ProductCommand {

    @Option(
            names = "--snapshot",
            paramLabel = "S",
            defaultValue = "",
            description = "Which restore point of the site (default: the newest).")
    String snapshot = "";

    @Option(
            names = "--of-host",
            paramLabel = "HOST",
            defaultValue = "",
            description = "Whose site, where the repository holds those of several hosts.")
    String host = "";

    @Option(
            names = "--replace",
            description = "Sets aside under another name what stands there already, instead of refusing.")
    boolean replace;

    /** The state folder is what is restored: it is not opened before. */
    @Override
    Answer answer() {
        var order = new SiteRestoreOrder(snapshot, host, root().namedConfiguration(), root().namedState(), replace);
        return answer(MedBackup.restoreSite(root().settings(root().usualStateFolder()), root().access(), order));
    }

    @Override
    Answer answer(MedBackup product) {
        throw new IllegalStateException("it opens no product of its own");
    }

    private static Answer answer(RestoredSite site) {
        var answer = new Answer()
                .field("snapshot", site.snapshot())
                .field("time", site.time().toString())
                .field("host", site.host())
                .field("configuration", site.configuration().toString())
                .field("plans", texts(site.plans()))
                .field("state", site.state().toString())
                .field("entries", site.entries())
                .field("setAside", texts(site.setAside()))
                .field("seconds", BackupAnswer.seconds(site.took()))
                .line("the site of " + site.host() + " as of "
                        + site.time().truncatedTo(ChronoUnit.SECONDS) + ", from restore point "
                        + site.snapshot().substring(0, 8))
                .line("configuration in " + site.configuration())
                .line("state in " + site.state() + ", its audit trail with " + site.entries() + " entries intact");
        site.plans().forEach(each -> answer.line("plan in " + each));
        site.setAside().forEach(each -> answer.line("what stood there is now " + each));
        return answer.line(String.format(Locale.ROOT, "restored in %.1f s", BackupAnswer.seconds(site.took())));
    }

    private static List<String> texts(List<Path> paths) {
        return paths.stream().map(Path::toString).toList();
    }
}
