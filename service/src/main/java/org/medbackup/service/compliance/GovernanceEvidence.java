package org.medbackup.service.compliance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.Measure;
import org.medbackup.audit.report.Section;

/**
 * Rules of access: how old they are, what others have approved, which emergencies there were and who was not let in. Without rules
 * nothing of it is assessed.
 */
final class GovernanceEvidence implements EvidenceCollector {

    private static final String NO_RULES = "no rules of access are in force";

    /** Rules that nobody has looked at for longer are not taken for reviewed. */
    private static final Duration REVIEWED = Duration.ofDays(366);

    /** What others approve, wherever rules are in force. */
    private static final Set<String> PROTECTED = Set.of(
            "hold-release", "key-add-recipient", "key-export-recovery", "key-revoke", "key-rotate", "anomaly-clear");

    private record Emergency(AuditEntry used, boolean ofPeriod) {}

    private final Set<String> approvedOperations = new HashSet<>();
    private final List<AuditEntry> approvals = new ArrayList<>();
    private final List<AuditEntry> unapproved = new ArrayList<>();
    private final Map<String, Emergency> emergencies = new LinkedHashMap<>();
    private final Map<String, AuditEntry> reviews = new LinkedHashMap<>();
    private final List<AuditEntry> denied = new ArrayList<>();
    private @Nullable AuditEntry rules;

    @Override
    public void see(AuditEntry entry, boolean ofPeriod) {
        if (entry.event().equals("phase") && "approved".equals(entry.action())) {
            approvedOperations.add(entry.operation());
            if (ofPeriod) {
                approvals.add(entry);
            }
        } else if ("BREAK_GLASS_USED".equals(entry.code()) && entry.event().equals("found")) {
            emergencies.put(entry.facts().getOrDefault("emergency", ""), new Emergency(entry, ofPeriod));
        } else if (Trail.ended(entry)) {
            ended(entry, ofPeriod);
        }
    }

    private void ended(AuditEntry entry, boolean ofPeriod) {
        String action = String.valueOf(entry.action());
        boolean done = Trail.succeeded(entry);
        if (done && action.equals("access-activate")) {
            rules = entry;
        } else if (done && action.equals("access-review")) {
            reviews.put(entry.facts().getOrDefault("emergency", ""), entry);
        } else if (done && ofPeriod && rules != null && PROTECTED.contains(action)) {
            if (!approvedOperations.contains(entry.operation())) {
                unapproved.add(entry);
            }
        } else if (ofPeriod
                && "REFUSED".equals(entry.outcome())
                && ("ACCESS_DENIED".equals(entry.code()) || action.startsWith("control-"))) {
            denied.add(entry);
        }
    }

    @Override
    public List<Measure> measures(Scope scope) {
        AuditEntry inForce = rules;
        String approved = "acts of the period that others have to approve, and did";
        String emergency = "emergencies of the period that somebody else has reviewed";
        String refused = "attempts of the period that the rules did not allow, each on record";
        String reviewed = "rules of access that several have signed within a year";
        if (inForce == null) {
            return List.of(
                    Measure.notAssessed("approvals", approved, NO_RULES),
                    Measure.notAssessed("break-glass", emergency, NO_RULES),
                    Measure.notAssessed("login-failures", refused, NO_RULES),
                    Measure.notAssessed("access-review", reviewed, NO_RULES));
        }
        return List.of(
                approvals(approved),
                emergencies(emergency),
                denied.isEmpty()
                        ? Measure.notApplicable("login-failures", refused, "nobody was refused in the period")
                        : Measure.examined(
                                "login-failures",
                                refused,
                                "all",
                                String.valueOf(denied.size()),
                                denied.size(),
                                List.of(),
                                denied.reversed().stream()
                                        .map(AuditEntry::index)
                                        .toList()),
                review(reviewed, inForce, scope));
    }

    private Measure approvals(String metric) {
        int all = approvals.size() + unapproved.size();
        if (all == 0) {
            return Measure.notApplicable("approvals", metric, "nothing was done that others have to approve");
        }
        List<Long> entries = new ArrayList<>();
        unapproved.forEach(each -> entries.add(each.index()));
        approvals.forEach(each -> entries.add(each.index()));
        return Measure.examined(
                "approvals",
                metric,
                "all",
                approvals.size() + " of " + all,
                all,
                unapproved.stream()
                        .map(each -> "entry " + each.index() + ": " + each.action() + " without an approval")
                        .toList(),
                entries);
    }

    private Measure emergencies(String metric) {
        List<Map.Entry<String, Emergency>> mine = emergencies.entrySet().stream()
                .filter(each -> each.getValue().ofPeriod())
                .toList();
        if (mine.isEmpty()) {
            return Measure.notApplicable("break-glass", metric, "there was none in the period");
        }
        List<String> exceptions = new ArrayList<>();
        List<Long> entries = new ArrayList<>();
        for (Map.Entry<String, Emergency> each : mine) {
            AuditEntry review = reviews.get(each.getKey());
            long used = each.getValue().used().index();
            if (review == null) {
                exceptions.add("entry " + used + ": nobody has reviewed it");
                entries.addFirst(used);
            } else {
                entries.add(review.index());
            }
        }
        return Measure.examined(
                "break-glass",
                metric,
                "all",
                (mine.size() - exceptions.size()) + " of " + mine.size(),
                mine.size(),
                exceptions,
                entries);
    }

    private static Measure review(String metric, AuditEntry rules, Scope scope) {
        Duration age = Duration.between(rules.time(), scope.end());
        return Measure.examined(
                "access-review",
                metric,
                REVIEWED.toDays() + " days",
                "version " + rules.facts().getOrDefault("version", "") + ", " + age.toDays() + " days old",
                1,
                age.compareTo(REVIEWED) > 0 ? List.of("they are older than a year") : List.of(),
                List.of(rules.index()));
    }

    @Override
    public List<Section.Table> tables(Scope scope) {
        return List.of(new Section.Table(
                "What others approved",
                List.of("Time (UTC)", "Approvers", "Entry"),
                approvals.stream()
                        .map(each -> List.of(
                                each.time().toString(),
                                String.valueOf(each.facts()
                                        .getOrDefault("approvers", "")
                                        .split(",")
                                        .length),
                                String.valueOf(each.index())))
                        .toList()));
    }
}
