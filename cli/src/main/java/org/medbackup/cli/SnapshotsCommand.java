package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.ByteSizes;
import org.medbackup.documents.JsonValue;
import org.medbackup.engine.Snapshot;
import org.medbackup.service.MedBackup;
import org.medbackup.service.SnapshotView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists restore points. */
@Command(name = "snapshots", description = "Lists restore points.")
final class SnapshotsCommand extends ProductCommand {

    @Option(names = "--source", paramLabel = "NAME", description = "Only those of this source.")
    String source = "";

    @Option(names = "--tag", paramLabel = "K=V", description = "Only those with this tag.")
    Map<String, String> tags = new LinkedHashMap<>();

    @Override
    Answer answer(MedBackup product) {
        List<SnapshotView> found = product.snapshots(root().access(), source, Paths.tags(tags));
        var answer = new Answer()
                .field(
                        "snapshots",
                        found.stream().map(SnapshotsCommand::members).toList());
        if (found.isEmpty()) {
            return answer.line("no restore points");
        }
        answer.line(String.format(
                Locale.ROOT, "%-8s  %-20s  %-9s  %10s  %s", "id", "time (UTC)", "files", "bytes", "source"));
        found.forEach(view -> answer.line(line(view)));
        return answer;
    }

    private static String line(SnapshotView view) {
        Snapshot snapshot = view.snapshot();
        return String.format(
                Locale.ROOT,
                "%-8s  %-20s  %-9d  %10s  %s",
                snapshot.shortId(),
                snapshot.time().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                snapshot.files(),
                ByteSizes.text(snapshot.bytes()),
                snapshot.source() + (view.suspect() ? "  SUSPECT" : ""));
    }

    private static Map<String, Object> members(SnapshotView view) {
        Snapshot snapshot = view.snapshot();
        var members = new LinkedHashMap<String, Object>();
        members.put("id", snapshot.id());
        members.put("time", snapshot.time().toString());
        members.put("source", snapshot.source());
        members.put("host", snapshot.host());
        members.put("paths", snapshot.paths());
        members.put("tags", snapshot.tags());
        members.put("files", snapshot.files());
        members.put("bytes", snapshot.bytes());
        members.put("consistency", snapshot.consistency());
        members.put("verified", view.verified().map(SnapshotsCommand::verified).orElse(new JsonValue.Null()));
        members.put("protectedUntil", new JsonValue.Null());
        members.put("parent", snapshot.parent().isEmpty() ? new JsonValue.Null() : snapshot.parent());
        members.put("errors", snapshot.errors());
        members.put("suspect", view.suspect());
        return members;
    }

    private static Object verified(org.medbackup.engine.Repository.Verified verified) {
        var members = new LinkedHashMap<String, Object>();
        members.put("time", verified.time().toString());
        members.put("level", verified.level().name().toLowerCase(Locale.ROOT));
        members.put("percent", verified.share() * 100);
        members.put("whole", verified.whole());
        return members;
    }
}
