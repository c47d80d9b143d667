package org.medbackup.policy;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Files on which rules are tried: made from what stands in conditions, each text, number and span, and what is just beside it, in
 * combinations. Always the same ones for the same constants.
 */
final class MadeFiles {

    /** Files that are made at most; more find little more. */
    private static final int MOST_FILES = 15_000;

    private static final List<DataKind> KINDS = List.of(DataKind.values());

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Map<String, Object>> files = new ArrayList<>();
    private final List<Classification> found = new ArrayList<>();
    private long turn;

    private MadeFiles() {}

    /** Files for which conditions with these constants hold and do not. */
    static MadeFiles from(Set<Object> constants) {
        var made = new MadeFiles();
        // A set has no order of its own, and each run is to try the same files.
        made.make(
                constants.stream().sorted(Comparator.comparing(String::valueOf)).toList());
        return made;
    }

    /** What conditions may ask of each. */
    List<Map<String, Object>> values() {
        return files;
    }

    /** What each is. */
    Classification found(int file) {
        return found.get(file);
    }

    private void make(List<Object> constants) {
        List<String> texts = new ArrayList<>(List.of("", "/srv/file"));
        List<Long> sizes = new ArrayList<>(List.of(0L, 1L << 20, 1L << 40));
        List<Duration> ages = new ArrayList<>(List.of(Duration.ZERO, Duration.ofDays(40_000)));
        List<Instant> times = new ArrayList<>(List.of(NOW));
        for (Object each : constants) {
            switch (each) {
                case Long number -> sizes.addAll(List.of(number - 1, number, number + 1));
                case String text -> {
                    texts.addAll(List.of(text, text + "/x", "/x" + text));
                    ages.addAll(around(text));
                    times.addAll(times(text));
                }
                default -> {}
            }
        }
        List<Set<Label>> labels = labels();
        int kinds = KINDS.size();
        long all =
                (long) texts.size() * texts.size() * sizes.size() * ages.size() * times.size() * labels.size() * kinds;
        long step = Math.max(1, all / MOST_FILES);
        // A stride that shares no factor with the sizes goes through all values of each evenly.
        while (step > 1 && (gcd(step, texts.size()) > 1 || gcd(step, kinds) > 1 || gcd(step, labels.size()) > 1)) {
            step++;
        }
        for (long at = 0; at < all && files.size() < MOST_FILES; at += step) {
            turn = at;
            DataKind kind = KINDS.get(next(kinds));
            Set<Label> borne = labels.get(next(labels.size()));
            String path = texts.get(next(texts.size()));
            String other = texts.get(next(texts.size()));
            Duration age = ages.get(next(ages.size()));
            long size = sizes.get(next(sizes.size()));
            // Not an order of its own, so that what was tried before is tried further.
            Duration unused = ages.get((int) (at * 31 % ages.size()));
            Duration idle = unused.compareTo(age) < 0 ? unused : age;
            file(kind, borne, path, other, size, new Spans(age, idle), times.get(next(times.size())));
        }
    }

    private int next(int count) {
        int value = (int) (turn % count);
        turn /= count;
        return value;
    }

    private static long gcd(long one, long other) {
        return other == 0 ? one : gcd(other, one % other);
    }

    /** Since a file was written, and since somebody has used it. */
    private record Spans(Duration age, Duration idle) {}

    private void file(
            DataKind kind, Set<Label> labels, String path, String name, long size, Spans since, Instant modified) {
        List<LabelFinding> findings = labels.stream()
                .map(each -> new LabelFinding(each, 1, Reason.IDENTIFIERS))
                .toList();
        Classification classification = Classification.of(kind, findings);
        Map<String, Object> values = new HashMap<>();
        values.put("path", path);
        values.put("name", name);
        values.put("extension", name);
        values.put("kind", kind.name().toLowerCase(Locale.ROOT));
        values.put("sensitivity", classification.sensitivity().name());
        values.put("labels", labels.stream().map(Label::name).toList());
        values.put("size", size);
        values.put("modified", modified);
        values.put("age", since.age());
        values.put("accessed", modified);
        values.put("idle", since.idle());
        values.put("uid", size);
        values.put("gid", size);
        files.add(values);
        found.add(classification);
    }

    /** No label, each alone, and each that goes with patient data together with it. */
    private static List<Set<Label>> labels() {
        return List.of(
                Set.of(),
                Set.of(Label.PHI),
                Set.of(Label.RESEARCH),
                Set.of(Label.PUBLIC),
                Set.of(Label.PHI, Label.MINOR),
                Set.of(Label.PHI, Label.PART2),
                Set.of(Label.PHI, Label.PSYCHOTHERAPY),
                Set.of(Label.PHI, Label.PART2, Label.PSYCHOTHERAPY),
                Set.of(Label.PHI, Label.MINOR, Label.PART2));
    }

    private static List<Duration> around(String text) {
        try {
            Duration span = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
            return List.of(span.minusSeconds(1), span, span.plusSeconds(1));
        } catch (DateTimeException none) {
            return List.of();
        }
    }

    private static List<Instant> times(String text) {
        try {
            Instant time = Instant.parse(text);
            return List.of(time.minusSeconds(1), time, time.plusSeconds(1));
        } catch (DateTimeException none) {
            return List.of();
        }
    }
}
