package org.medbackup.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ConsistencyLevel;

/** Several applications as of one window; and what becomes of a window that was lost. */
@Timeout(30)
class GroupBackupTest {

    private final Stage stage = new Stage();
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());
    private final ScriptedApplication front = named("front", true);
    private final ScriptedApplication database = named("database", false);
    private final ScriptedApplication files = named("files", true);

    @AfterEach
    void releaseWhatHangs() {
        stage.release.countDown();
    }

    private ScriptedApplication named(String name, boolean freezes) {
        var application = new ScriptedApplication(freezes);
        for (Phase phase : Phase.values()) {
            application.in(phase, () -> order.add(phase.label() + " " + name));
        }
        return application;
    }

    private GroupBackup.Member member(String name, ScriptedApplication application, long seconds) {
        return new GroupBackup.Member(name, application, new Stage.NoSink(), stage, Duration.ofSeconds(seconds));
    }

    private List<GroupBackup.Member> members() {
        return List.of(member("front", front, 2), member("database", database, 0), member("files", files, 3));
    }

    private GroupRun run() {
        return new GroupBackup(stage.backup()).run("run-1", members());
    }

    private BackupException failing() {
        try {
            run();
        } catch (BackupException failure) {
            return failure;
        }
        throw new AssertionError("the run should have failed");
    }

    @Test
    void membersAreFrozenInOrderMarkedTogetherAndThawedInReverseBeforeAnythingIsCopied() {
        GroupRun run = run();

        assertThat(order.subList(6, order.size()))
                .containsExactly(
                        "prepare front",
                        "prepare database",
                        "prepare files",
                        "freeze front",
                        "freeze files",
                        "mark front",
                        "mark database",
                        "mark files",
                        "thaw files",
                        "thaw front",
                        "copy front",
                        "verify front",
                        "copy database",
                        "verify database",
                        "copy files",
                        "verify files",
                        "after front",
                        "after database",
                        "after files");
        assertThat(run.members().keySet()).containsExactly("front", "database", "files");
        assertThat(run.members().values()).noneMatch(ApplicationRun::isDegraded);
        assertThat(stage.witnessed()).hasSize(4).endsWith("thawed", "thawed");
    }

    @Test
    void howFarTheMarksLieApartAndHowLongEachWasFrozenIsTold() {
        front.in(Phase.MARK, stage.taking(Duration.ofSeconds(1)));
        database.in(Phase.MARK, stage.taking(Duration.ofSeconds(2)));
        files.in(Phase.FREEZE, stage.taking(Duration.ofSeconds(4)));

        GroupRun run = run();

        assertThat(run.skew()).isEqualTo(Duration.ofSeconds(2));
        assertThat(run.members().values())
                .extracting(ApplicationRun::frozen)
                .containsExactly(Duration.ofSeconds(7), Duration.ZERO, Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DISCOVER", "CHECK", "PREPARE", "FREEZE", "MARK", "COPY", "VERIFY"})
    void whereOneMemberFailsNobodySucceedsAndNobodyStaysFrozen(Phase failing) {
        files.in(failing, Stage.failing(ErrorCode.APPLICATION_FAILED));

        BackupException failure = failing();

        assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_FAILED);
        if (failing != Phase.FREEZE && failing != Phase.MARK) {
            assertThat(failure.context()).containsEntry("member", "files");
        }
        assertThat(front.isFrozen()).isFalse();
        assertThat(files.isFrozen()).isFalse();
        boolean prepared = failing.compareTo(Phase.PREPARE) >= 0;
        assertThat(order.contains("after front")).isEqualTo(prepared);
        assertThat(order.contains("after files")).isEqualTo(prepared);
    }

    @Test
    void aMemberThatCannotBeThawedDoesNotKeepTheOthersFrozen() {
        files.in(Phase.THAW, Stage.failing(ErrorCode.APPLICATION_UNREACHABLE));

        assertThat(failing().code()).isEqualTo(ErrorCode.THAW_FAILED);

        assertThat(front.isFrozen()).isFalse();
        assertThat(order).contains("thaw front");
    }

    @Test
    void oneLeaseCoversThemAll() {
        front.in(Phase.FREEZE, stage.taking(Duration.ofSeconds(12)));
        files.in(Phase.FREEZE, stage.taking(Duration.ofSeconds(12)));

        assertThat(failing().code()).isEqualTo(ErrorCode.FREEZE_LOST);

        assertThat(front.isFrozen()).isFalse();
        assertThat(files.isFrozen()).isFalse();
    }

    @Test
    void aGroupWhoseMembersCannotFitIsRefusedBeforeAnythingIsTouched() {
        var backup = new GroupBackup(stage.backup());
        var slow = List.of(member("front", front, 11), member("files", files, 10));

        assertThatThrownBy(() -> backup.run("run", slow))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.GROUP_TOO_SLOW));

        assertThat(order).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> backup.run("run", List.of(member("a", front, 1), member("a", files, 1))));
    }

    @Test
    void whereOneWitnessRefusesNobodyIsFrozenAndTheOthersAreToldSo() {
        var refusing = new FreezeWitness() {
            @Override
            public void freezing(Freeze freeze) {
                throw ErrorCode.WATCHDOG_UNAVAILABLE.because("dead");
            }

            @Override
            public void thawed(Freeze freeze) {
                throw new AssertionError("it kept nothing");
            }
        };
        var members = List.of(
                member("front", front, 1),
                new GroupBackup.Member("files", files, new Stage.NoSink(), refusing, Duration.ZERO));

        assertThatThrownBy(() -> new GroupBackup(stage.backup()).run("run", members))
                .isInstanceOf(BackupException.class);

        assertThat(order).doesNotContain("freeze front", "freeze files");
        assertThat(stage.witnessed()).hasSize(2).endsWith("thawed");
    }

    @Test
    void alsoAGroupWithoutFreezesIsMarked() {
        var members = List.of(member("database", database, 0));

        GroupRun run = new GroupBackup(stage.backup()).run("run", members);

        assertThat(run.skew()).isZero();
        assertThat(stage.witnessed()).isEmpty();
    }

    // What becomes of a window that was lost

    private ApplicationRun allowed(ScriptedApplication application) {
        return stage.backup().allowingCrashConsistent().run(application, "run-1", new Stage.NoSink());
    }

    @Test
    void whereItIsAllowedALostFreezeIsKeptAsCrashConsistentAndNeverSilently() {
        front.in(Phase.MARK, stage.taking(Duration.ofSeconds(20)));

        ApplicationRun run = allowed(front);

        assertThat(run.isDegraded()).isTrue();
        assertThat(run.lowered()).isEqualTo(ErrorCode.FREEZE_LOST);
        assertThat(run.consistency().level()).isEqualTo(ConsistencyLevel.CRASH_CONSISTENT);
        assertThat(stage.said()).contains("found FREEZE_LOST");
        assertThat(order).containsSubsequence("thaw front", "copy front");
        assertThat(front.wasCopiedFrozen()).isFalse();
    }

    @Test
    void afterAFreezeThatTookTooLongTheMarkIsTakenUnfrozen() {
        front.in(Phase.FREEZE, stage.hanging());

        ApplicationRun run = allowed(front);

        assertThat(run.lowered()).isEqualTo(ErrorCode.BUDGET_EXCEEDED);
        assertThat(run.consistency().level()).isEqualTo(ConsistencyLevel.CRASH_CONSISTENT);
        assertThat(order).containsSubsequence("thaw front", "mark front", "copy front");
    }

    @Test
    void whereNoMarkCanBeTakenTheRunFailsAlsoWhereCrashConsistentIsAllowed() {
        front.in(Phase.MARK, call -> {
            stage.clock.advance(Duration.ofSeconds(20));
            throw ErrorCode.FREEZE_LOST.because("it is not frozen");
        });

        assertThatThrownBy(() -> allowed(front))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.FREEZE_LOST));
        assertThat(order).doesNotContain("copy front");
    }

    @Test
    void anotherFailureIsNotAllowedByIt() {
        front.in(Phase.MARK, Stage.failing(ErrorCode.APPLICATION_FAILED));

        assertThatThrownBy(() -> allowed(front)).isInstanceOf(BackupException.class);
        assertThat(order).doesNotContain("copy front");
    }

    @Test
    void aRehearsalListsTheStepsWithTheirBudgetsAndChangesNothing() {
        Rehearsal rehearsal = stage.backup().rehearse(front);

        assertThat(order).containsExactly("discover front", "check front");
        assertThat(rehearsal.steps()).extracting(Rehearsal.Step::phase).containsExactly(Phase.values());
        List<Phase> phases = List.of(Phase.values());
        assertThat(rehearsal.steps().get(phases.indexOf(Phase.COPY)).budget()).isNull();
        assertThat(rehearsal.steps().get(phases.indexOf(Phase.THAW)).budget()).isEqualTo(Duration.ofSeconds(5));
        assertThat(rehearsal.longest()).isEqualTo(Duration.ofSeconds(25));
        assertThat(rehearsal.isReady()).isTrue();
        assertThat(stage.backup()
                        .with(PhaseBudgets.defaults().withFrozen(Duration.ofSeconds(28)))
                        .rehearse(front)
                        .isReady())
                .isFalse();
        Rehearsal never = stage.backup().rehearse(database);
        assertThat(never.steps()).extracting(Rehearsal.Step::phase).doesNotContain(Phase.FREEZE, Phase.THAW);
        assertThat(never.longest()).isZero();
        assertThat(never.discovery().identity()).isEqualTo("identity");
    }
}
