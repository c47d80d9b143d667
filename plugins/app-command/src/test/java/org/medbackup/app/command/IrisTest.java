package org.medbackup.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.apps.Phase;
import org.medbackup.apps.PhaseBudgets;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.testkit.ApplicationContract;
import org.medbackup.testkit.FakeIris;
import org.medbackup.testkit.FakePrograms;
import org.medbackup.testkit.ReadCopies;

/** InterSystems IRIS, against a program that was written from the vendor's pages. */
class IrisTest implements ApplicationContract {

    @TempDir
    Path temp;

    private FakePrograms programs;
    private FakeIris iris;
    private Path database;
    private Connection connection;

    @BeforeEach
    void makeInstance() throws IOException {
        programs = new FakePrograms(temp.resolve("bin"));
        iris = new FakeIris(temp.resolve("bin"), programs);
        database = Files.createDirectories(temp.resolve("db"));
        Files.writeString(database.resolve("IRIS.DAT"), "blocks");
        connection = Connection.to(URI.create("command://epic-odb"))
                .with("preset", "iris")
                .with("session", iris.session().toString())
                .with("folders", database.toString())
                .with("snapshotBy", "mark")
                .with("mark", mark("echo journal-2:4711"));
    }

    private String mark(String body) {
        return programs.script("snap", body + "\n").toString();
    }

    @Override
    public Application open() {
        return new CommandProvider().open(connection, new Outside(TimeSource.system(), programs));
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(20));
    }

    private static ConsistentBackup backup() {
        return ConsistentBackup.of(TimeSource.system(), OperationLog.silent());
    }

    private static void assertFails(Runnable call, ErrorCode code) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private static void assertNotReady(Application application, String name) {
        try (application) {
            assertThat(application.check(soon()))
                    .filteredOn(check -> !check.ok())
                    .singleElement()
                    .satisfies(check -> {
                        assertThat(check.name()).isEqualTo(name);
                        assertThat(check.remedy()).isNotEmpty();
                    });
        }
    }

    @Test
    void itIsFrozenForTheSnapshotAskedAgainThawedAndToldThatItHasABackup() {
        backsUp();
    }

    private void backsUp() {
        var copies = new ReadCopies();
        try (Application application = open()) {
            var run = backup().run(application, "run 1", copies);
            assertThat(run.consistency().level()).isEqualTo(ConsistencyLevel.APPLICATION_CONSISTENT);
            assertThat(run.consistency().position()).isEqualTo("journal-2:4711");
            assertThat(run.discovery().version()).isEqualTo("iris");
        }
        assertThat(copies.files()).isEqualTo(Map.of(database + "/IRIS.DAT", "blocks"));
        assertThat(iris.isFrozen()).isFalse();
        assertThat(iris.journal()).isEqualTo(2);
        List<String> calls = iris.calls().lines().toList();
        assertThat(calls.subList(calls.indexOf("ExternalFreeze"), calls.size()))
                .containsExactly(
                        "ExternalFreeze",
                        "IsWDSuspendedExt",
                        "IsWDSuspendedExt",
                        "ExternalThaw",
                        "IsWDSuspendedExt",
                        "ExternalSetHistory");
        programs.assertCalled("irissession", "\"medbackup run_1\",1,10,0,0,,,,15)");
    }

    @Test
    void aWriteDaemonThatWentOnDuringTheSnapshotFailsTheBackup() {
        losesTheFreezeDuringTheSnapshot();
    }

    private void losesTheFreezeDuringTheSnapshot() {
        connection = connection.with("mark", mark(iris.passing(Duration.ofSeconds(15)) + "; echo late"));
        var copies = new ReadCopies();
        try (Application application = open()) {
            assertFails(() -> backup().run(application, "run-1", copies), ErrorCode.FREEZE_LOST);
        }
        assertThat(copies.files()).isEmpty();
        assertThat(iris.calls()).doesNotContain("ExternalSetHistory");
    }

    @Test
    void whenEverybodyElseIsDeadItGoesOnByItselfAtItsLimit() {
        Application dies = open();
        dies.prepare("run-1", soon());
        dies.freeze(soon());
        iris.pass(Duration.ofSeconds(14));
        assertThat(iris.isFrozen()).isTrue();
        iris.pass(Duration.ofSeconds(1));
        assertThat(iris.isFrozen()).isFalse();
        dies.close();
    }

    @Test
    void anotherProcessThawsWhatADeadOneHadFrozen() {
        thawsFromAnotherProcess();
    }

    private void thawsFromAnotherProcess() {
        Application dies = open();
        dies.freeze(soon());
        assertThat(iris.isFrozen()).isTrue();
        try (Application watchdog = open()) {
            watchdog.thaw(soon());
            watchdog.thaw(soon());
        }
        assertThat(iris.isFrozen()).isFalse();
        dies.close();
    }

    @Test
    void aFreezeThatDoesNotEndByItselfIsRefusedBeforeItBegins() {
        connection = connection.with("suspendLimit", "0");
        assertNotReady(open(), "wd_suspend_limit");
        connection = connection
                .with("suspendLimit", "15")
                .with("freeze", iris.session() + "\nIRIS\n-U\n%SYS\n##class(Backup.General).ExternalFreeze(\"a,b\",2)");
        assertNotReady(open(), "wd_suspend_limit");
        connection = connection.with("freeze", iris.session().toString());
        assertNotReady(open(), "wd_suspend_limit");
    }

    @Test
    void withoutTheLimitALateWatchdogIsLockedOut() {
        comesTooLateWithoutALimit();
    }

    private void comesTooLateWithoutALimit() {
        connection = connection.with("suspendLimit", "0");
        try (Application application = open()) {
            application.freeze(soon());
            iris.pass(Duration.ofMinutes(10));
            assertFails(() -> application.thaw(soon()), ErrorCode.APPLICATION_FAILED);
        }
        assertThat(iris.isFrozen()).isTrue();
    }

    @Test
    void whatSomebodyElseHasFrozenIsNeitherBackedUpNorThawed() {
        Application other = open();
        other.freeze(soon());
        assertNotReady(open(), "not_frozen");
        try (Application application = open()) {
            assertFails(() -> application.prepare("run-1", soon()), ErrorCode.APPLICATION_NOT_READY);
            assertFails(() -> application.freeze(soon()), ErrorCode.APPLICATION_NOT_READY);
            application.thaw(soon());
        }
        assertThat(iris.isFrozen()).isTrue();
        other.thaw(soon());
        other.close();
    }

    @ParameterizedTest
    @EnumSource
    void aRuleThatIsSwitchedOffIsNoticed(FakeIris.Rule rule) {
        iris.without(rule);

        assertThatThrownBy(() -> {
                    switch (rule) {
                        case SUCCESS_IS_FIVE, A_FREEZE_SWITCHES_THE_JOURNAL -> backsUp();
                        case FAILURE_IS_THREE, THE_LIMIT_ENDS_A_FREEZE -> losesTheFreezeDuringTheSnapshot();
                        case A_FREEZE_OUTLIVES_ITS_SESSION -> thawsFromAnotherProcess();
                        case LATE_LOGINS_ARE_LOCKED_OUT -> comesTooLateWithoutALimit();
                    }
                })
                .isInstanceOfAny(AssertionError.class, BackupException.class);
    }

    @Test
    void aFreezeThatHangsIsEndedAtItsBudgetAndThawed() {
        iris.hang("ExternalFreeze");
        PhaseBudgets budgets = PhaseBudgets.defaults().with(Phase.FREEZE, Duration.ofMillis(1500));
        try (Application application = open()) {
            assertFails(
                    () -> backup().with(budgets).run(application, "run-1", new ReadCopies()),
                    ErrorCode.BUDGET_EXCEEDED);
        }
        assertThat(iris.isFrozen()).isFalse();
    }
}
