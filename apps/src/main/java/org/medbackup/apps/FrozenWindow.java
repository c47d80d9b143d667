package org.medbackup.apps;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;

/**
 * The time in which one application or several are frozen at once and all are marked, under one lease: frozen in their
 * order, thawed in the reverse one. Members that do not freeze are marked within it.
 */
final class FrozenWindow {

    private final ConsistentBackup how;
    private final List<Passage> members;
    private final List<Passage> freezing;

    FrozenWindow(ConsistentBackup how, List<Passage> members) {
        this.how = how;
        this.members = members;
        this.freezing = members.stream().filter(Passage::freezes).toList();
    }

    /**
     * Freezes, marks and thaws. Nothing is frozen any more when this returns or throws, unless it throws
     * {@link ErrorCode#THAW_FAILED}.
     *
     * @return why the marks do not stand for one point, where that is allowed; else null
     */
    @Nullable
    ErrorCode mark() {
        if (freezing.isEmpty()) {
            members.forEach(this::markUnfrozen);
            return null;
        }
        announce();
        var lease = FreezeLease.take(how.time(), how.budgets().frozen(), this::thawAll);
        BackupException failure = null;
        boolean fenced = false;
        try {
            freezeAndMark(lease);
            fenced = !freezing.stream().allMatch(each -> each.witness.holds(each.freeze()));
        } catch (BackupException failed) {
            failure = failed;
        } catch (RuntimeException | Error unforeseen) {
            lease.end();
            throw unforeseen;
        }
        boolean lost = lease.expired() || fenced;
        awaitThaw(lease, failure);
        if (lost && (failure == null || failure.code().kind() == ErrorCode.Kind.APPLICATION)) {
            failure = lost(failure, fenced);
        }
        if (failure == null) {
            return null;
        }
        return lowered(failure, failure.code() == ErrorCode.FREEZE_LOST ? thawedBy(lease) : "");
    }

    /** Who ended a freeze too early; empty where the application itself did or nobody knows. */
    private String thawedBy(FreezeLease lease) {
        return freezing.stream()
                .map(each -> each.witness.thawedBy(each.freeze()))
                .filter(who -> !who.isEmpty())
                .findFirst()
                .orElse(lease.expired() ? "lease" : "");
    }

    private void markUnfrozen(Passage member) {
        member.phases.run(Phase.MARK, member.application::mark);
        member.hasMarked();
    }

    private void announce() {
        List<Passage> announced = new ArrayList<>();
        for (Passage member : freezing) {
            try {
                member.witness.freezing(member.freeze());
            } catch (RuntimeException refused) {
                announced.reversed().forEach(each -> each.witness.thawed(each.freeze()));
                throw refused;
            }
            announced.add(member);
        }
    }

    private void freezeAndMark(FreezeLease lease) {
        for (Passage member : freezing) {
            member.freezeNow(lease);
        }
        for (Passage member : members) {
            member.phases.run(Phase.MARK, deadline -> member.application.mark(shorter(deadline, lease)));
            member.hasMarked();
        }
    }

    private Deadline shorter(Deadline deadline, FreezeLease lease) {
        return lease.remaining().compareTo(deadline.remaining()) < 0
                ? Deadline.after(how.time(), lease.remaining())
                : deadline;
    }

    /** Runs on the lease's thread. One that cannot be thawed does not keep the others frozen. */
    private void thawAll() {
        RuntimeException first = null;
        for (Passage member : freezing.reversed()) {
            try {
                thaw(member);
                member.hasThawed();
            } catch (RuntimeException failed) {
                member.thawed.completeExceptionally(failed);
                first = first == null ? failed : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void thaw(Passage member) {
        Duration limit = how.budgets().of(Phase.THAW);
        try {
            new Thawing(how.time(), member.application, limit).run();
        } catch (BackupException failed) {
            how.log().found(failed.code(), member.phases.facts());
            throw failed;
        }
        member.witness.thawed(member.freeze());
    }

    private void awaitThaw(FreezeLease lease, @Nullable BackupException before) {
        lease.release();
        BackupException stillFrozen = null;
        for (Passage member : freezing.reversed()) {
            try {
                member.phases.timed(Phase.THAW, () -> FreezeLease.joined(member.thawed));
            } catch (BackupException failed) {
                stillFrozen = stillFrozen == null ? failed : stillFrozen;
            }
        }
        if (stillFrozen == null) {
            lease.end();
            return;
        }
        if (before != null) {
            stillFrozen.addSuppressed(before);
        }
        throw stillFrozen;
    }

    private BackupException lost(@Nullable BackupException failure, boolean fenced) {
        if (failure != null && failure.code() == ErrorCode.BUDGET_EXCEEDED) {
            return failure;
        }
        return ErrorCode.FREEZE_LOST.because(
                fenced
                        ? "the watchdog does not confirm that it stayed frozen"
                        : "its lease of " + how.budgets().frozen().toMillis() + " ms ran out and it was thawed",
                failure);
    }

    /** Goes on where that is allowed and each member has a mark, if need be one taken now. */
    private ErrorCode lowered(BackupException failure, String thawedBy) {
        boolean overrun = failure.code() == ErrorCode.FREEZE_LOST || failure.code() == ErrorCode.BUDGET_EXCEEDED;
        boolean goesOn = how.allowCrashConsistent() && overrun;
        for (Passage member : goesOn || !thawedBy.isEmpty() ? members : List.<Passage>of()) {
            Facts facts = member.phases.facts();
            facts = thawedBy.isEmpty() ? facts : facts.and("thawedBy", thawedBy);
            how.log().found(failure.code(), goesOn ? facts.and("allowed", "CRASH_CONSISTENT") : facts);
        }
        if (!goesOn) {
            throw failure;
        }
        for (Passage member : members) {
            if (!member.isMarked()) {
                try {
                    markUnfrozen(member);
                } catch (BackupException unmarked) {
                    failure.addSuppressed(unmarked);
                    throw failure;
                }
            }
        }
        return failure.code();
    }

    /** Between the first mark and the last. */
    Duration skew() {
        long first = members.stream().mapToLong(Passage::markedAt).min().orElse(0);
        long last = members.stream().mapToLong(Passage::markedAt).max().orElse(0);
        return Duration.ofNanos(last - first);
    }
}
