package org.medbackup.service;

import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.medbackup.access.AccessRight;
import org.medbackup.access.AccessRules;
import org.medbackup.access.Approval;
import org.medbackup.access.ApprovalRequest;
import org.medbackup.access.Person;
import org.medbackup.access.RetentionFloor;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.access.AccessRecords;
import org.medbackup.core.spi.access.Guard;
import org.medbackup.core.spi.access.ProtectedAct;
import org.medbackup.engine.RetentionRules;
import org.medbackup.service.SignedRules.Believed;

/**
 * Lets what protects restore points be given up only as the rules of access say: by somebody with the role, and with the approval of
 * others. The rules are the newest of this host and of the repository; an approval is used up at the repository. Safe for use by
 * several threads.
 */
final class AccessGuard implements Guard {

    /** Where somebody only requests: takes what was requested, and the act does not happen. */
    static final ScopedValue<Consumer<Approval>> REQUESTING = ScopedValue.newInstance();

    private static final int ID = 16;

    /** Operations that may have to be approved, and what goes on around them. */
    private static final Set<String> REQUESTABLE = Set.of(
            "forget",
            "hold-release",
            "key-add-recipient",
            "key-export-recovery",
            "key-revoke",
            "key-rotate",
            "policy-activate",
            "anomaly-clear",
            "approval-request",
            "freeze-recovery",
            "limit-check");

    private final Settings settings;
    private final AccessControl control;
    private final AccessStore store;

    AccessGuard(Settings settings, AccessControl control, AccessStore store) {
        this.settings = settings;
        this.control = control;
        this.store = store;
    }

    /** Whether somebody may request an operation instead of doing it. */
    static boolean isRequestable(String action) {
        return REQUESTABLE.contains(action);
    }

    @Override
    public void permit(ProtectedAct act, AccessRecords records) {
        Optional<Believed> believed = control.inForceAt(records);
        if (believed.isEmpty()) {
            if (REQUESTING.isBound()) {
                throw ErrorCode.ACCESS_DENIED.because("there are no rules of access, so that nothing is approved");
            }
            return;
        }
        AccessRules rules = believed.get().rules();
        Person caller = control.caller(rules);
        AccessRight right = right(act.kind());
        if (!caller.may(right)) {
            throw ErrorCode.ACCESS_DENIED.because(caller.name() + " (" + caller.roleWords() + ") may not do `"
                    + act.kind().word() + "`");
        }
        if (isFree(rules, act)) {
            if (REQUESTING.isBound()) {
                throw ErrorCode.USAGE.because("nobody has to approve this: the rules keep enough");
            }
            return;
        }
        if (REQUESTING.isBound()) {
            throw requested(rules, act, caller);
        }
        List<Approval> mine = store.approvals().stream()
                .filter(each ->
                        each.request().isOf(act) && each.request().requester().equals(caller.name()))
                .sorted(Comparator.comparing(each -> each.request().created()))
                .toList();
        for (Approval each : mine) {
            boolean ready = each.state(rules, settings.time().now()) == Approval.State.READY
                    && store.usedAt(each.request().id()).isEmpty();
            // The repository decides between two that come at once; where there is none, this host does.
            boolean first = ready && records.useUp(each.request().id());
            if (first && store.used(each.request().id(), settings.time().now())) {
                say(each, rules);
                return;
            }
        }
        throw needed(rules, act, mine);
    }

    private static void say(Approval used, AccessRules rules) {
        if (Operations.CURRENT.isBound()) {
            Facts facts =
                    Facts.of("approval", used.request().id()).and("approvers", String.join(",", used.approvers(rules)));
            Operations.CURRENT.get().phase("approved", Outcome.SUCCESS, Duration.ZERO, facts);
        }
    }

    private static AccessRight right(ProtectedAct.Kind kind) {
        return switch (kind) {
            case FORGET, EXPIRE -> AccessRight.EXPIRE;
            case RELEASE_HOLD, CLEAR_SUSPICION -> AccessRight.RELEASE;
            case GIVE_KEY, TAKE_KEY -> AccessRight.KEEP_KEYS;
            case WEAKEN_POLICY -> AccessRight.DECIDE_POLICY;
        };
    }

    /** Rules that keep at least what the rules of access demand give nothing up that they protect. */
    private static boolean isFree(AccessRules rules, ProtectedAct act) {
        if (act.kind() != ProtectedAct.Kind.EXPIRE) {
            return false;
        }
        if (act.parameters().containsKey(RetentionRules.OF_UNNEEDED_LOG)) {
            return true;
        }
        if (act.parameters().containsKey(RetentionRules.OF_SITE)) {
            return act.parameters()
                    .entrySet()
                    .containsAll(SiteBackup.KEPT.parameters().entrySet());
        }
        RetentionFloor floor = rules.floor();
        return floor != null && floor.isKeptBy(act.parameters());
    }

    private RuntimeException requested(AccessRules rules, ProtectedAct act, Person caller) {
        String reason = settings.actor().reason();
        if (reason == null || reason.isBlank()) {
            throw ErrorCode.PURPOSE_MISSING.because("a request has a reason, for those who approve it");
        }
        Approval approval = Approval.of(ApprovalRequest.of(
                HexFormat.of().formatHex(settings.entropy().bytes(ID)),
                act,
                caller,
                reason,
                settings.time().now(),
                rules));
        store.keep(approval);
        REQUESTING.get().accept(approval);
        return ErrorCode.APPROVAL_NEEDED.because("request " + approval.request().id() + " was made");
    }

    private RuntimeException needed(AccessRules rules, ProtectedAct act, List<Approval> mine) {
        String what = "`" + act.kind().word() + "` needs " + rules.approvals().quorum() + " others";
        if (act.kind() == ProtectedAct.Kind.EXPIRE) {
            RetentionFloor floor = rules.floor();
            what += floor == null
                    ? ", since the rules of access say nothing of what is kept at the least"
                    : ", since it keeps less than " + floor.text();
        }
        return ErrorCode.APPROVAL_NEEDED.because(what
                + mine.stream()
                        .filter(each -> store.usedAt(each.request().id()).isEmpty())
                        .reduce((first, second) -> second)
                        .map(last -> "; request " + last.request().id() + " is "
                                + last.state(rules, settings.time().now()) + ", signed by "
                                + last.approvers(rules).size())
                        .orElse(""));
    }
}
