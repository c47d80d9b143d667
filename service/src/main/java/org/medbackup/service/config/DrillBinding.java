package org.medbackup.service.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.recovery.rotation.PointRule;

/** Makes the drills of a document that keeps the schema. */
final class DrillBinding {

    private final DocumentValues values;

    DrillBinding(DocumentValues values) {
        this.values = values;
    }

    SortedMap<String, DrillEntry> drills(Members root) {
        var drills = new TreeMap<String, DrillEntry>();
        DocumentValues.each(root, "drills", (name, entry) -> drills.put(name, drill(name, entry)));
        return drills;
    }

    private DrillEntry drill(String name, Members entry) {
        String at = Yaml.pointer("/drills", name);
        List<Path> plans = new ArrayList<>();
        String plan = values.text(entry, at, "plan");
        if (plan != null) {
            plans.add(Path.of(plan));
        }
        values.texts(entry, at, "plans").forEach(each -> plans.add(Path.of(each)));
        String scratch = Objects.requireNonNull(values.text(entry, at, "scratch"), "the schema demands it");
        String points = values.or(values.text(entry, at, "points"), at + "/points", "newest", text -> text);
        String sample = values.text(entry, at, "sample");
        String report = values.text(entry, at, "report");
        return new DrillEntry(
                name,
                plans,
                Path.of(scratch),
                new ServiceBinding(values).schedule(entry, at),
                values.duration(entry, at, "every", DrillEntry.EVERY),
                PointRule.valueOf(points.toUpperCase(Locale.ROOT)),
                span(values.text(entry, at, "longest")),
                sample == null ? 0 : Double.parseDouble(sample.replace("%", "").strip()) / 100,
                report == null ? null : Path.of(report),
                span(values.text(entry, at, "objective")));
    }

    private static Duration span(@Nullable String text) {
        return text == null ? Duration.ZERO : Spans.parse(text);
    }
}
