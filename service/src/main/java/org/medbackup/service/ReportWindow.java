package org.medbackup.service;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.report.Period;
import org.medbackup.service.compliance.Survey;

/**
 * Which entries a report stands on. What reports themselves leave in the trail does not count, but for the survey and the
 * statements that it uses: so a second report of the same time is the first one again.
 */
final class ReportWindow {

    static final String REPORT = "compliance-report";
    static final String STATED = "site-statements";

    /** Operations of making reports. */
    static final Set<String> OWN = Set.of(REPORT, STATED, Survey.ACTION);

    /** An operation's end that matters here. */
    record Mark(long index, Instant time, String operation, String digest) {}

    /** A report that was made before, and the trail that it saw. */
    record Earlier(long index, long size, String root) {}

    private final Set<String> own = new HashSet<>();
    private long counted = -1;
    private @Nullable Mark newest;
    private @Nullable Mark survey;
    private @Nullable Mark later;
    private @Nullable Mark stated;
    private final java.util.List<Earlier> reports = new java.util.ArrayList<>();
    private final long at;

    private ReportWindow(long at) {
        this.at = at;
    }

    /**
     * Looks through the trail.
     *
     * @param at how many entries there are for this report; negative for as many as it takes
     * @param statements digest of the site's statements; empty where there are none
     */
    static ReportWindow of(AuditTrail audit, Period period, long at, String statements) {
        var window = new ReportWindow(at);
        try (Stream<AuditEntry> entries = audit.entries(0)) {
            entries.takeWhile(each -> at < 0 || each.index() < at)
                    .forEach(each -> window.see(each, period, statements));
        }
        return window;
    }

    private void see(AuditEntry entry, Period period, String statements) {
        if (isOwn(own, entry)) {
            if (entry.event().equals("ended") && "SUCCESS".equals(entry.outcome())) {
                own(entry, period, statements);
            }
        } else if (entry.time().isBefore(period.to())) {
            counted = entry.index();
        }
    }

    /** Whether an entry was left by making a report; to be asked of each entry in order. */
    static boolean isOwn(Set<String> own, AuditEntry entry) {
        if (entry.event().equals("started") && OWN.contains(String.valueOf(entry.action()))) {
            own.add(entry.operation());
        }
        return own.contains(entry.operation());
    }

    private void own(AuditEntry entry, Period period, String statements) {
        String digest = entry.facts().getOrDefault("digest", "");
        var mark = new Mark(entry.index(), entry.time(), entry.operation(), digest);
        switch (String.valueOf(entry.action())) {
            case Survey.ACTION -> {
                newest = mark;
                if (entry.time().isBefore(period.to())) {
                    survey = mark;
                } else if (later == null) {
                    later = mark;
                }
            }
            case STATED -> stated = stated == null && digest.equals(statements) ? mark : stated;
            case REPORT ->
                reports.add(new Earlier(
                        entry.index(),
                        Long.parseLong(entry.facts().getOrDefault("size", "0")),
                        entry.facts().getOrDefault("root", "")));
            default -> {}
        }
    }

    /** The newest survey on record, of whatever time. */
    @Nullable
    Mark newest() {
        return newest;
    }

    /** What was configured at the end of the period, or the first that is known of after it. */
    @Nullable
    Mark survey() {
        return survey != null ? survey : later;
    }

    /** Where the statements are on record. */
    @Nullable
    Mark stated() {
        return stated;
    }

    /** How many entries the report's head has. */
    long size() {
        if (at >= 0) {
            return at;
        }
        Mark surveyed = survey();
        Mark said = stated;
        return 1
                + Math.max(
                        counted, Math.max(surveyed == null ? -1 : surveyed.index(), said == null ? -1 : said.index()));
    }

    /** The report before; null where there is none. */
    @Nullable
    Earlier earlier() {
        long size = size();
        return reports.stream()
                .filter(each -> each.index() < size)
                .reduce((_, next) -> next)
                .orElse(null);
    }
}
