package org.medbackup.service.compliance;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditEntry;

/** The runs that the trail tells of, by source. A backup outside of a job is known by the token of its source. For one thread. */
final class BackupRuns {

    private static final int SHOWN_OF_TOKEN = 12;

    private final Map<String, AuditEntry> open = new HashMap<>();
    private final Set<String> openJobs = new HashSet<>();
    private final SortedMap<String, Source> sources = new TreeMap<>();

    /** What is known of one source. */
    static final class Source {

        private final List<Run> good = new ArrayList<>();
        private @Nullable Run last;
        private long runs;
        private long succeeded;
        private final List<Long> failures = new ArrayList<>();

        /** Those of the period. */
        long runs() {
            return runs;
        }

        /** Those of the period that came out right. */
        long succeeded() {
            return succeeded;
        }

        boolean isBackedUp() {
            return !good.isEmpty();
        }

        /** Whether its last run, of any time, came out right. */
        boolean endsWell() {
            Run newest = last;
            return newest != null && newest.good();
        }

        /** The entries that show it: what failed first. */
        List<Long> entries() {
            List<Long> entries = new ArrayList<>();
            if (!endsWell() && !failures.isEmpty()) {
                entries.add(failures.getLast());
            }
            if (isBackedUp()) {
                entries.add(good.getLast().entry());
            }
            return entries;
        }

        /** How old its newest copy came to be in a time; zero where it had none. */
        Duration oldest(Instant from, Instant to) {
            Duration oldest = Duration.ZERO;
            @Nullable Run before = null;
            for (Run each : good) {
                if (before != null && each.ended().isAfter(from)) {
                    oldest = longer(oldest, Duration.between(before.began(), each.ended()));
                }
                before = each;
            }
            return before == null ? oldest : longer(oldest, Duration.between(before.began(), to));
        }

        private static Duration longer(Duration one, Duration other) {
            return one.compareTo(other) >= 0 ? one : other;
        }
    }

    private record Run(Instant began, Instant ended, boolean good, long entry) {}

    void see(AuditEntry entry, boolean ofPeriod) {
        String action = String.valueOf(entry.action());
        boolean job = action.equals("job");
        if (!job && !action.equals("backup") && !action.equals("app-backup")) {
            return;
        }
        if (entry.event().equals("started")) {
            if (job) {
                openJobs.add(entry.operation());
                open.put(entry.operation(), entry);
            } else if (openJobs.isEmpty()) {
                open.put(entry.operation(), entry);
            }
        } else if (Trail.ended(entry)) {
            openJobs.remove(entry.operation());
            AuditEntry begin = open.remove(entry.operation());
            if (begin != null) {
                run(name(action, begin), begin, entry, ofPeriod);
            }
        }
    }

    private static String name(String action, AuditEntry begin) {
        if (action.equals("job")) {
            return String.valueOf(begin.facts().get("job"));
        }
        String token = begin.veiled().get("source");
        return token == null
                ? "(applications without a job)"
                : "source " + token.substring(0, Math.min(SHOWN_OF_TOKEN, token.length()));
    }

    private void run(String name, AuditEntry begin, AuditEntry end, boolean ofPeriod) {
        Source source = sources.computeIfAbsent(name, _ -> new Source());
        boolean good = Trail.succeeded(end);
        var run = new Run(begin.time(), end.time(), good, end.index());
        source.last = run;
        if (good) {
            source.good.add(run);
        } else {
            source.failures.add(end.index());
        }
        if (ofPeriod) {
            source.runs++;
            source.succeeded += good ? 1 : 0;
        }
    }

    /** By name. */
    SortedMap<String, Source> sources() {
        return sources;
    }
}
