package org.medbackup.recovery.evidence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.page.Block;
import org.medbackup.documents.page.Block.Bar;
import org.medbackup.documents.page.Block.Chart;
import org.medbackup.documents.page.Block.Facts;
import org.medbackup.documents.page.Block.Heading;
import org.medbackup.documents.page.Block.Row;
import org.medbackup.documents.page.Block.Table;
import org.medbackup.documents.page.Block.Words;

/** Times as charts: of the stages of a drill, and of the drills before it. */
final class TimePages {

    private static final String KEY = "upper, light bar: predicted; lower, dark bar: measured";

    private TimePages() {}

    /** A span with the words of the document for it. */
    private record Span(double begin, double end, String words) {}

    static void stages(List<Block> blocks, Members document) {
        List<Row> rows = new ArrayList<>();
        double end = Math.max(
                Said.number(document, "actual").orElse(0),
                Said.number(document, "predicted").orElse(0));
        for (Members application : Said.objects(document, "applications")) {
            String name = Said.or(application, "name", "");
            Set<String> shown = new HashSet<>();
            List<Members> predicted = Said.objects(application, "predictedStages");
            for (Members stage : Said.objects(application, "stages")) {
                String label = stageName(stage);
                shown.add(label);
                Members before = predicted.stream()
                        .filter(each -> stageName(each).equals(label))
                        .findFirst()
                        .orElse(new Members(Map.of()));
                end = Math.max(end, add(rows, name + ": " + label, span(before), span(stage)));
            }
            for (Members stage : predicted) {
                if (!shown.contains(stageName(stage))) {
                    end = Math.max(end, add(rows, name + ": " + stageName(stage), span(stage), null));
                }
            }
            end = Math.max(end, add(rows, name, outlook(application), span(application)));
        }
        rows.removeIf(row -> row.bars().isEmpty());
        if (rows.isEmpty() || end <= 0) {
            return;
        }
        blocks.add(new Heading("Times of the stages"));
        blocks.add(new Chart("From the beginning of the drill; " + KEY, end, rows));
    }

    private static double add(List<Row> rows, String label, @Nullable Span predicted, @Nullable Span measured) {
        List<Bar> bars = new ArrayList<>();
        List<String> words = new ArrayList<>();
        double end = 0;
        if (predicted != null) {
            bars.add(new Bar(Bar.Kind.EXPECTED, predicted.begin(), predicted.end()));
            words.add("predicted " + predicted.words());
            end = predicted.end();
        }
        if (measured != null) {
            bars.add(new Bar(Bar.Kind.MEASURED, measured.begin(), measured.end()));
            words.add("measured " + measured.words());
            end = Math.max(end, measured.end());
        }
        rows.add(new Row(label, bars, String.join("; ", words)));
        return end;
    }

    /** A stage is named in its member {@code name} or {@code stage}. */
    private static String stageName(Members stage) {
        return Said.of(stage, "name").or(() -> Said.of(stage, "stage")).orElse(Said.UNSAID);
    }

    /** Where it lies: by begin and end, or begin and length; null where the document does not say. */
    private static @Nullable Span span(Members members) {
        if (Said.number(members, "begin").isEmpty()) {
            return null;
        }
        double begin = Said.number(members, "begin").getAsDouble();
        if (Said.number(members, "end").isPresent()) {
            return new Span(
                    begin,
                    Said.number(members, "end").getAsDouble(),
                    Said.or(members, "begin", Said.SECONDS) + " to " + Said.or(members, "end", Said.SECONDS));
        }
        if (Said.number(members, "seconds").isPresent()) {
            return new Span(
                    begin,
                    begin + Said.number(members, "seconds").getAsDouble(),
                    "from " + Said.or(members, "begin", Said.SECONDS) + " for "
                            + Said.or(members, "seconds", Said.SECONDS));
        }
        return null;
    }

    /** What was predicted of an application as a whole. */
    private static @Nullable Span outlook(Members application) {
        return Said.number(application, "predictedEnd").isEmpty()
                ? null
                : new Span(
                        0,
                        Said.number(application, "predictedEnd").getAsDouble(),
                        "there after " + Said.or(application, "predictedEnd", Said.SECONDS));
    }

    static void history(List<Block> blocks, Members document) {
        List<Members> history = Said.objects(document, "history");
        blocks.add(new Heading("How good the predictions of this site have been"));
        if (history.isEmpty()) {
            blocks.add(new Words("No earlier drills are on record here."));
            return;
        }
        Members accuracy = Said.object(document, "accuracy");
        blocks.add(new Facts(
                "Earlier drills of this site",
                new Said.Facts(accuracy)
                        .add("Drills", "drills")
                        .add("Allowed deviation, above or below", "tolerancePercent", " %")
                        .add("Within it", "within")
                        .add("Share within it", "withinPercent", " %")
                        .list()));
        double end = 0;
        List<Row> rows = new ArrayList<>();
        for (Members each : history) {
            double predicted = Said.number(each, "predicted").orElse(0);
            double measured = Said.number(each, "actual").orElse(0);
            end = Math.max(end, Math.max(predicted, measured));
            rows.add(new Row(
                    Said.or(each, "began", ""),
                    List.of(new Bar(Bar.Kind.EXPECTED, 0, predicted), new Bar(Bar.Kind.MEASURED, 0, measured)),
                    "predicted " + Said.or(each, "predicted", Said.SECONDS) + "; measured "
                            + Said.or(each, "actual", Said.SECONDS)));
        }
        if (end > 0) {
            blocks.add(new Chart("Earlier drills; " + KEY, end, rows));
        }
        blocks.add(new Table(
                "Earlier drills",
                List.of("Drill", "Began (UTC)", "Predicted", "Measured", "Deviation", "Within"),
                history.stream()
                        .map(each -> List.of(
                                Said.or(each, "drill", ""),
                                Said.or(each, "began", ""),
                                Said.or(each, "predicted", Said.SECONDS),
                                Said.or(each, "actual", Said.SECONDS),
                                Said.or(each, "errorPercent", " %"),
                                Said.of(each, "within", "yes", "no")))
                        .toList()));
    }
}
