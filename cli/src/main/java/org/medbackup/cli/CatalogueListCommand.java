package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.documents.JsonValue;
import org.medbackup.scheduler.state.CataloguedPoint;
import org.medbackup.service.CatalogueOperations;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists restore points at all targets. */
@Command(
        name = "list",
        description =
                "Lists the restore points of all targets, the newest first, as they were when each target was last"
                        + " read. Asks no target.")
final class CatalogueListCommand extends ProductCommand {

    @Option(names = "--job", paramLabel = "NAME", description = "Only those of this job.")
    String job = "";

    @Override
    Answer answer(MedBackup product) {
        CatalogueOperations.Listed listed = product.catalogue().list(job);
        var points = CatalogueOperations.bySnapshot(listed.points()).values();
        var read = new TreeMap<String, String>();
        listed.read().forEach((target, time) -> read.put(CopyLedger.shown(target), time.toString()));
        var answer = new Answer()
                .field(
                        "restorePoints",
                        points.stream().map(CatalogueListCommand::members).toList())
                .field("read", read);
        if (points.isEmpty()) {
            answer.line("no restore points are known");
        } else {
            answer.line(line("id", "holds (UTC)", "kind", "job", "lies at"));
            points.forEach(each -> answer.line(line(each)));
        }
        read.forEach((target, time) -> answer.line(target + " was last read " + time));
        return read.isEmpty()
                ? answer.line("no target was read yet; `medbackup catalogue rebuild` reads them")
                : answer;
    }

    private static String line(String id, String time, String kind, String job, String places) {
        return String.format(Locale.ROOT, "%-8s  %-20s  %-10s  %-20s  %s", id, time, kind, job, places);
    }

    private static String line(List<CataloguedPoint> places) {
        CataloguedPoint any = places.getFirst();
        return line(
                any.snapshot().substring(0, 8),
                any.point().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString(),
                any.kind().name(),
                any.object().isEmpty() ? "-" : any.object(),
                places.stream().map(CatalogueListCommand::place).collect(Collectors.joining(", ")));
    }

    private static String place(CataloguedPoint point) {
        CataloguedPoint.Proof proof = point.proof();
        String target = CopyLedger.shown(point.target());
        if (proof == null) {
            return target;
        }
        String level = proof.level().toLowerCase(Locale.ROOT);
        return target + (proof.whole() ? " (proven: " : " (DAMAGED: ") + level + ")";
    }

    private static Map<String, Object> members(List<CataloguedPoint> places) {
        CataloguedPoint any = places.getFirst();
        var members = new LinkedHashMap<String, Object>();
        members.put("id", any.snapshot());
        members.put("time", any.point().toString());
        members.put("kind", any.kind());
        members.put("job", any.object().isEmpty() ? Answer.NONE : any.object());
        members.put("host", any.host());
        members.put("targets", places.stream().map(CatalogueListCommand::member).toList());
        return members;
    }

    private static Map<String, Object> member(CataloguedPoint point) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", CopyLedger.shown(point.target()));
        members.put("verified", verified(point.proof()));
        return members;
    }

    private static Object verified(CataloguedPoint.@Nullable Proof proof) {
        if (proof == null) {
            return new JsonValue.Null();
        }
        var members = new LinkedHashMap<String, Object>();
        members.put("time", proof.at().toString());
        members.put("level", proof.level().toLowerCase(Locale.ROOT));
        members.put("whole", proof.whole());
        return members;
    }
}
