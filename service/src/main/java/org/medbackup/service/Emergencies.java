package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.medbackup.access.AccessRight;
import org.medbackup.access.AccessRules;
import org.medbackup.access.Person;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.resilience.escalation.Cause;
import org.medbackup.resilience.escalation.Description;
import org.medbackup.resilience.escalation.FailureReport;
import org.medbackup.resilience.escalation.Proof;
import org.medbackup.service.AccessStore.Emergency;

/**
 * Somebody whom the rules name, but not for this, restores because a patient cannot wait. It is allowed at once, said to everybody
 * who is told of incidents, and somebody else looks at it afterwards. Safe for use by several threads.
 */
final class Emergencies {

    private static final int ID = 8;

    private final AccessStore store;
    private final Supplier<Incidents> incidents;

    Emergencies(AccessStore store, Supplier<Incidents> incidents) {
        this.store = store;
        this.incidents = incidents;
    }

    /**
     * Lets it happen where it is an emergency.
     *
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#ACCESS_DENIED} where it is none, or the rules allow
     *     none; {@link ErrorCode#BREAK_GLASS_UNREVIEWED}; {@link ErrorCode#PURPOSE_MISSING}
     */
    void requireOne(
            AccessRules rules, Person caller, AccessRight right, String action, Settings settings, OperationLog log) {
        Duration review = rules.review();
        boolean restores = right == AccessRight.RESTORE || right == AccessRight.FETCH_LOG;
        if (!settings.caller().emergency() || !restores || review == null || caller.isService()) {
            throw ErrorCode.ACCESS_DENIED.because(
                    caller.name() + " (" + caller.roleWords() + ") may not do `" + action + "`");
        }
        String reason = settings.actor().reason();
        if (reason == null || reason.isBlank()) {
            throw ErrorCode.PURPOSE_MISSING.because("an emergency has a reason");
        }
        Instant now = settings.time().now();
        boolean overdue = store.emergencies().stream()
                .anyMatch(each -> each.person().equals(caller.name())
                        && each.reviewer() == null
                        && each.reviewBy().isBefore(now));
        if (overdue) {
            throw ErrorCode.BREAK_GLASS_UNREVIEWED.because("that of " + caller.name() + " is overdue");
        }
        var emergency = new Emergency(
                HexFormat.of().formatHex(settings.entropy().bytes(ID)),
                caller.name(),
                action,
                reason,
                now,
                now.plus(review),
                null,
                null);
        store.keep(emergency);
        log.found(
                ErrorCode.BREAK_GLASS_USED,
                Facts.of("emergency", emergency.id())
                        .and("person", caller.name())
                        .and("reviewBy", emergency.reviewBy()));
        alarm(emergency.id(), settings.actor().host());
    }

    private void alarm(String id, String host) {
        try {
            incidents.get().with(escalation -> {
                escalation.failed(new FailureReport(
                        cause(id), "", Severity.CRITICAL, null, Description.of(ErrorCode.BREAK_GLASS_USED, host)));
                return true;
            });
        } catch (BackupException unsaid) {
            // The patient does not wait for a channel; the audit trail has it, and who lists emergencies sees it.
            return;
        }
    }

    private static Cause cause(String id) {
        return new Cause(ErrorCode.BREAK_GLASS_USED.name(), id);
    }

    /** All, in the order of their ids. */
    List<Emergency> all() {
        return store.emergencies();
    }

    /**
     * Somebody else has looked at one.
     *
     * @param id of it, or the beginning
     * @param reviewer name in the rules
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#APPROVAL_NOT_FOUND}
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#ACCESS_DENIED} where it is his own
     */
    Emergency review(String id, String reviewer, String finding) {
        List<Emergency> found = store.emergencies().stream()
                .filter(each -> !id.isEmpty() && each.id().startsWith(id))
                .toList();
        if (found.size() != 1) {
            throw ErrorCode.APPROVAL_NOT_FOUND.because("no emergency, or several, begin so");
        }
        if (found.getFirst().person().equals(reviewer)) {
            throw ErrorCode.ACCESS_DENIED.because("nobody reviews an emergency of his own");
        }
        Emergency reviewed = found.getFirst().reviewed(reviewer, finding);
        store.keep(reviewed);
        incidents.get().with(escalation -> {
            escalation.mended(new Proof.ResourceWorks(cause(reviewed.id())));
            return true;
        });
        return reviewed;
    }
}
