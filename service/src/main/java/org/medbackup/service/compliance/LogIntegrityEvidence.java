package org.medbackup.service.compliance;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.ControlStatus;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;
import org.medbackup.audit.report.Statements;

/** Whether the trail is whole, goes on from the one of the report before, and was reviewed. */
final class LogIntegrityEvidence implements EvidenceCollector {

    /** 45 CFR 164.316(b)(2)(i), with a day for each leap year. */
    private static final Duration SIX_YEARS = Duration.ofDays(6 * 365 + 2);

    private final List<AuditEntry> verifications = new ArrayList<>();
    private @Nullable AuditEntry first;
    private long last = -1;

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        first = first == null ? entry : first;
        last = entry.index();
        if (ofPeriod && Trail.ended(entry, "audit-verify")) {
            verifications.add(entry);
        }
    }

    @Override
    public List<Measure> measures(Scope scope) {
        return List.of(integrity(scope), kept(scope), review(scope));
    }

    /** The trail has no way to give up an entry: what it kept is what it has since its first one. */
    private Measure kept(Scope scope) {
        String metric = "time for which entries of the trail are kept";
        AuditEntry oldest = first;
        if (oldest == null) {
            return Measure.notAssessed("log-kept", metric, "the trail has no entry");
        }
        boolean sixYears = Duration.between(oldest.time(), scope.end()).compareTo(SIX_YEARS) >= 0;
        boolean whole = scope.integrity().findings() == 0;
        ControlStatus status = !whole ? ControlStatus.NOT_MET : sixYears ? ControlStatus.MET : ControlStatus.PARTIAL;
        return new Measure(
                "log-kept",
                status,
                metric,
                "6 years",
                "all since " + oldest.time() + "; nothing is ever removed from it",
                scope.basis().head().size(),
                scope.basis().head().size(),
                whole ? List.of() : List.of("the trail is damaged: see `medbackup audit verify`"),
                List.of(oldest.index()));
    }

    private Measure integrity(Scope scope) {
        Scope.Integrity found = scope.integrity();
        List<String> exceptions = new ArrayList<>();
        if (found.findings() > 0) {
            exceptions.add(found.findings() + " findings: see `medbackup audit verify`");
        }
        if (!found.consistent()) {
            exceptions.add("the trail does not begin with that of the report before");
        }
        List<Long> entries = new ArrayList<>();
        verifications.reversed().stream().limit(3).forEach(each -> entries.add(each.index()));
        if (last >= 0) {
            entries.add(last);
        }
        return Measure.examined(
                "audit-integrity",
                "entries of the trail that were hashed anew, and gaps between them",
                "all, and no gap",
                scope.basis().head().size() + " entries, " + found.findings() + " findings"
                        + (found.earlier() < 0
                                ? "; there is no report before"
                                : "; report before at " + found.earlier() + " entries"),
                scope.basis().head().size(),
                exceptions,
                entries);
    }

    private Measure review(Scope scope) {
        String metric = "days of the period that a signed review covers";
        List<Statements.Review> reviews = scope.statements().reviews();
        if (!scope.isStated() || reviews.isEmpty()) {
            return Measure.notAssessed("log-review", metric, "the site states no review");
        }
        LocalDate first = scope.basis().period().from().atZone(ZoneOffset.UTC).toLocalDate();
        LocalDate end = scope.end().minusNanos(1).atZone(ZoneOffset.UTC).toLocalDate();
        long days = 0;
        long covered = 0;
        for (LocalDate day = first; !day.isAfter(end); day = day.plusDays(1)) {
            LocalDate each = day;
            days++;
            covered += reviews.stream().anyMatch(one -> !each.isBefore(one.from()) && !each.isAfter(one.to())) ? 1 : 0;
        }
        return Measure.examined(
                "log-review",
                metric,
                "all",
                covered + " of " + days,
                days,
                covered == days ? List.of() : List.of((days - covered) + " days without a review"),
                List.of(scope.basis().stated()));
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        return List.of(
                new Section.Table(
                        "Verifications of the trail in the period",
                        List.of("Time (UTC)", "Entries", "Outcome", "Entry"),
                        verifications.stream()
                                .map(each -> List.of(
                                        each.time().toString(),
                                        each.facts().getOrDefault("entries", ""),
                                        String.valueOf(each.outcome()),
                                        String.valueOf(each.index())))
                                .toList()),
                new Section.Table(
                        "Reviews as the site states them",
                        List.of("From", "To", "Reviewer", "On", "Findings"),
                        scope.statements().reviews().stream()
                                .map(each -> List.of(
                                        each.from().toString(),
                                        each.to().toString(),
                                        each.reviewer(),
                                        each.on().toString(),
                                        each.findings()))
                                .toList()));
    }
}
