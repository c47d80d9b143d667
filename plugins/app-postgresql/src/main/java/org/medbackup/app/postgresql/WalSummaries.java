package org.medbackup.app.postgresql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.medbackup.app.postgresql.WalRanges.Range;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;

/**
 * Asks a server of version 17 or later which pages its log has changed (PostgreSQL manual, "WAL Summarization Information
 * Functions"). Wherever anything is missing or does not fit, the answer is that nothing is known.
 */
record WalSummaries(Session session, Cluster cluster, Path data, TimeSource time) {

    private static final int FIRST_VERSION = 17;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private static final String STATE =
            "SELECT summarized_tli, summarized_lsn::text FROM pg_catalog.pg_get_wal_summarizer_state()";
    private static final String AVAILABLE =
            "SELECT tli, start_lsn::text, end_lsn::text FROM pg_catalog.pg_available_wal_summaries()";
    private static final String CONTENTS = """
        SELECT reltablespace, reldatabase, relfilenode, relforknumber, relblocknumber / ?::bigint,
               min(relblocknumber) FILTER (WHERE is_limit_block),
               pg_catalog.string_agg((relblocknumber % ?::bigint)::text, ',') FILTER (WHERE NOT is_limit_block)
          FROM pg_catalog.pg_wal_summary_contents(?::bigint, ?::pg_catalog.pg_lsn, ?::pg_catalog.pg_lsn)
         WHERE relforknumber IN (0, 2)
         GROUP BY 1, 2, 3, 4, 5
        """;

    private record Summary(int timeline, Lsn from, Lsn to) {}

    /**
     * The pages changed since an earlier backup began.
     *
     * @param before evidence of that backup
     * @param start where this backup began
     */
    ChangedPages since(Map<String, String> before, Lsn start) {
        if (before.isEmpty()) {
            return ChangedPages.unknown("no restore point before is known");
        }
        if (cluster.major() < FIRST_VERSION || !"on".equals(cluster.settings().get("summarize_wal"))) {
            return ChangedPages.unknown("the server keeps no summaries of its log");
        }
        if (!cluster.state().systemIdentifier().equals(before.get("system_identifier"))) {
            return ChangedPages.unknown("the restore point before is of another cluster");
        }
        try {
            return pages(way(before, start));
        } catch (IOException | IllegalArgumentException unreadable) {
            return ChangedPages.unknown("the timeline's history cannot be read");
        } catch (BackupException failed) {
            return ChangedPages.unknown("the summaries could not be read");
        }
    }

    private WalRanges way(Map<String, String> before, Lsn start) throws IOException {
        int now = cluster.state().timeline();
        String history = now == 1
                ? ""
                : Files.readString(
                        data.resolve("pg_wal").resolve(String.format(Locale.ROOT, "%08X.history", now)),
                        StandardCharsets.ISO_8859_1);
        return WalRanges.between(
                Integer.parseInt(before.getOrDefault("timeline", "")),
                Lsn.parse(before.getOrDefault("start_lsn", "")),
                Lsn.parse(before.getOrDefault("stop_lsn", "")),
                now,
                start,
                history);
    }

    private ChangedPages pages(WalRanges way) {
        if (way.ranges().isEmpty()) {
            return ChangedPages.unknown("the restore point before is not on this timeline's way");
        }
        Range last = way.ranges().getLast();
        if (!awaitSummaries(last)) {
            return ChangedPages.unknown("the summaries have not come as far as the start of this backup");
        }
        List<Summary> available = available();
        for (Range range : way.ranges()) {
            if (!covers(available, range)) {
                return ChangedPages.unknown("a summary is missing");
            }
        }
        int perSegment = session.row(
                "summaries",
                Deadline.after(time, ANSWER),
                row -> row.getInt(1),
                "SELECT setting::int FROM pg_catalog.pg_settings WHERE name = 'segment_size'");
        int pageSize = Integer.parseInt(cluster.settings().getOrDefault("block_size", "8192"));
        ChangedPages changed = ChangedPages.none(pageSize, perSegment);
        available.stream()
                .filter(each -> way.ranges().stream().anyMatch(range -> touches(each, range)))
                .forEach(each -> contents(each, perSegment, changed));
        return changed;
    }

    /** Summaries are made in the background; what was written up to the start of this backup must be in them. */
    private boolean awaitSummaries(Range last) {
        Deadline deadline = Deadline.after(time, PATIENCE);
        while (true) {
            boolean there = session.row(
                    "summaries",
                    Deadline.after(time, ANSWER),
                    row -> row.getInt(1) == last.timeline()
                            && Lsn.parse(row.getString(2)).value() >= last.to().value(),
                    STATE);
            if (there || deadline.remaining().isZero() || deadline.remaining().isNegative()) {
                return there;
            }
            time.sleep(PAUSE);
        }
    }

    private List<Summary> available() {
        return session
                .rows(
                        "summaries",
                        Deadline.after(time, ANSWER),
                        row -> new Summary(row.getInt(1), Lsn.parse(row.getString(2)), Lsn.parse(row.getString(3))),
                        AVAILABLE)
                .stream()
                .sorted(Comparator.comparingLong(each -> each.from().value()))
                .toList();
    }

    private static boolean touches(Summary summary, Range range) {
        return summary.timeline() == range.timeline()
                && summary.to().value() > range.from().value()
                && summary.from().value() < range.to().value();
    }

    private static boolean covers(List<Summary> sorted, Range range) {
        long at = range.from().value();
        for (Summary each : sorted) {
            if (touches(each, range) && each.from().value() <= at) {
                at = Math.max(at, each.to().value());
            }
        }
        return at >= range.to().value();
    }

    private void contents(Summary summary, int perSegment, ChangedPages changed) {
        session.rows(
                "summaries",
                Deadline.after(time, ANSWER),
                row -> {
                    long tablespace = row.getLong(1);
                    long database = row.getLong(2);
                    long number = row.getLong(3);
                    int fork = row.getInt(4);
                    long limit = row.getLong(6);
                    if (!row.wasNull()) {
                        changed.limit(tablespace, database, number, fork, limit);
                    }
                    String pages = row.getString(7);
                    if (pages != null) {
                        var file = new RelationFile(tablespace, database, number, fork, row.getLong(5));
                        Stream.of(pages.split(",")).forEach(page -> changed.changed(file, Integer.parseInt(page)));
                    }
                    return true;
                },
                CONTENTS,
                (long) perSegment,
                (long) perSegment,
                (long) summary.timeline(),
                summary.from().toString(),
                summary.to().toString());
    }
}
