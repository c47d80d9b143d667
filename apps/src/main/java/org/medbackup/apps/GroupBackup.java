package org.medbackup.apps;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.CopySink;

/**
 * Takes several applications through the phases together: all prepared, frozen in the order of the group (those that
 * others write through first), all marked in one window under one lease, thawed in the reverse order, then copied one
 * after the other. All or none: where one fails nothing is returned, and nobody's data may be committed.
 *
 * <p>Members that do not freeze are marked within the window; how far the marks lie apart is told. One whose copy is not of
 * its mark is refused.
 *
 * <p>Immutable; each run may have its own thread.
 *
 * @param how clocks, log and budgets of each phase; its limit of the time frozen is that of the whole window
 */
public record GroupBackup(ConsistentBackup how) {

    /**
     * One application of a group.
     *
     * @param name of the group's own, told apart by it
     * @param application is not closed here
     * @param sink takes its data
     * @param witness hears of its freezes
     * @param held how long its freeze, mark and thaw are expected to take, as declared or measured before
     */
    public record Member(String name, Application application, CopySink sink, FreezeWitness witness, Duration held) {}

    /**
     * Backs up. Blocks until it is done.
     *
     * @param run names the backup in all applications
     * @param members in the order in which they are frozen
     * @throws org.medbackup.core.error.ApplicationException as {@link ConsistentBackup#run}, with the member's name; also
     *     {@link ErrorCode#GROUP_TOO_SLOW} and {@link ErrorCode#GROUP_MEMBER_LATER} before anything is prepared
     */
    public GroupRun run(String run, List<Member> members) {
        requireRoom(members);
        requireOnePoint(members);
        List<Passage> passages = new ArrayList<>();
        Outcome outcome = Outcome.FAILURE;
        try {
            for (Member member : members) {
                passages.add(new Passage(how.with(member.witness()), member.application(), run));
            }
            each(members, passages, (member, passage) -> passage.discoverAndCheck());
            each(members, passages, (member, passage) -> passage.prepare());
            var window = new FrozenWindow(how, passages);
            ErrorCode lowered = window.mark();
            each(members, passages, (member, passage) -> passage.copyAndVerify(member.sink()));
            outcome = Outcome.SUCCESS;
            passages.forEach(passage -> passage.after(Outcome.SUCCESS));
            return result(members, passages, lowered, window.skew());
        } catch (BackupException failure) {
            outcome = PhaseRunner.outcomeOf(failure);
            throw failure;
        } finally {
            end(passages, outcome);
        }
    }

    private static void end(List<Passage> passages, Outcome outcome) {
        for (Passage passage : passages.reversed()) {
            if (outcome != Outcome.SUCCESS) {
                passage.after(outcome);
            }
            passage.close();
        }
    }

    private void requireRoom(List<Member> members) {
        Set<String> names = new HashSet<>();
        Duration sum = Duration.ZERO;
        for (Member member : members) {
            if (!names.add(member.name())) {
                throw new IllegalArgumentException("two members of one name: " + member.name());
            }
            sum = sum.plus(member.held());
        }
        Duration frozen = how.budgets().frozen();
        Duration added = how.budgets().added();
        Duration room = frozen.compareTo(added) < 0 ? frozen : added;
        if (sum.compareTo(room) > 0) {
            throw ErrorCode.GROUP_TOO_SLOW.because("they need " + sum.toMillis() + " ms of " + room.toMillis() + " ms");
        }
    }

    private static void requireOnePoint(List<Member> members) {
        for (Member member : members) {
            if (!member.application().copiesItsMark()) {
                throw ErrorCode.GROUP_MEMBER_LATER
                        .because("its copy is of its own end")
                        .with("member", member.name());
            }
        }
    }

    private interface Step {

        void take(Member member, Passage passage);
    }

    private static void each(List<Member> members, List<Passage> passages, Step step) {
        for (int i = 0; i < members.size(); i++) {
            try {
                step.take(members.get(i), passages.get(i));
            } catch (BackupException failed) {
                throw failed.with("member", members.get(i).name());
            }
        }
    }

    private static GroupRun result(
            List<Member> members, List<Passage> passages, @Nullable ErrorCode lowered, Duration skew) {
        var runs = new LinkedHashMap<String, ApplicationRun>();
        for (int i = 0; i < members.size(); i++) {
            runs.put(members.get(i).name(), passages.get(i).result(lowered));
        }
        return new GroupRun(runs, skew);
    }
}
