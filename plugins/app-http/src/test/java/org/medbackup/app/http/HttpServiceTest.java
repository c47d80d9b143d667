package org.medbackup.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.apps.Phase;
import org.medbackup.apps.PhaseBudgets;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.testkit.ApplicationContract;
import org.medbackup.testkit.FakeHttpService;
import org.medbackup.testkit.FakeHttpService.Fault;
import org.medbackup.testkit.ReadCopies;

/** A service on this machine that is quiesced over HTTP, with each fault that such an interface has. */
class HttpServiceTest implements ApplicationContract {

    @TempDir
    Path temp;

    private FakeHttpService service;
    private Connection connection;

    @BeforeEach
    void startService() throws IOException {
        service = FakeHttpService.start();
        Path folder = Files.createDirectories(temp.resolve("data"));
        Files.writeString(folder.resolve("f"), "text");
        connection = Connection.to(URI.create("app+http://127.0.0.1:" + service.port() + "/"))
                .with("folders", folder.toString())
                .with("allowFileLevel", "true")
                .with("position", "/service/position/1")
                .with("requestTimeout", "2");
    }

    @AfterEach
    void stopService() {
        service.close();
    }

    @Override
    public Application open() {
        return new HttpProvider().open(connection, Outside.system());
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(20));
    }

    private ApplicationRun backUp(ConsistentBackup backup, ReadCopies copies) {
        try (Application application = open()) {
            return backup.run(application, "run 1", copies);
        }
    }

    private static ConsistentBackup backup() {
        return ConsistentBackup.of(TimeSource.system(), OperationLog.silent());
    }

    private static BackupException failure(Runnable call) {
        try {
            call.run();
        } catch (BackupException failed) {
            return failed;
        }
        throw new AssertionError("nothing failed");
    }

    private void assertBackedUpAndRunning() {
        var copies = new ReadCopies();
        ApplicationRun run = backUp(backup(), copies);
        assertThat(run.consistency().position()).isEqualTo("4711");
        assertThat(copies.files()).isEqualTo(Map.of(temp + "/data/f", "text"));
        assertThat(service.state()).isEqualTo("running");
    }

    @Test
    void itIsQuiescedForTheMarkAndResumedBeforeTheCopy() {
        assertBackedUpAndRunning();
        assertThat(service.acts()).isEqualTo(2);
        assertThat(backUp(backup(), new ReadCopies()).consistency().level()).isEqualTo(ConsistencyLevel.FILE_LEVEL);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"TOO_MANY", "UNAVAILABLE", "LOST_BEFORE", "LOST_AFTER"})
    void whatPassesIsOvercomeInEveryRequest(Fault fault) {
        for (String path : List.of("/status", "/quiesce", "/resume")) {
            service.fail(path, fault);
        }
        assertBackedUpAndRunning();
    }

    @Test
    void aServiceThatNamesATimeIsAskedAgainThen() {
        service.fail("/status", Fault.UNAVAILABLE_UNTIL);
        assertBackedUpAndRunning();
    }

    @Test
    void anAnswerThatIsLostAfterItsEffectIsAskedAboutAndNotRepeated() {
        service.fail("/quiesce", Fault.LOST_AFTER);
        assertBackedUpAndRunning();
        assertThat(service.acts()).isEqualTo(2);
        assertThat(service.requests()).filteredOn("/quiesce"::equals).hasSize(1);
    }

    @Test
    void aHangInTheFreezeEndsAtTheBudgetAndItIsResumed() {
        service.fail("/quiesce", Fault.HANG);
        PhaseBudgets budgets = PhaseBudgets.defaults().with(Phase.FREEZE, Duration.ofMillis(800));
        BackupException failed = failure(() -> backUp(backup().with(budgets), new ReadCopies()));

        assertThat(failed.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED);
        assertThat(service.state()).isEqualTo("running");
    }

    @Test
    void aServiceThatWantsMoreTimeThanThereIsIsNotWaitedFor() {
        service.fail("/quiesce", Fault.TOO_MANY_FOR_LONG);
        assertThat(failure(() -> backUp(backup(), new ReadCopies())).code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED);
        assertThat(service.state()).isEqualTo("running");
    }

    @Test
    void anInterfaceThatHasChangedIsNamedByThePointerThatLeadsNowhere() {
        service.fail("/status", Fault.OTHER_SCHEMA, Fault.OTHER_SCHEMA, Fault.NO_JSON);
        try (Application application = open()) {
            BackupException failed = failure(() -> application.prepare("run", soon()));
            assertThat(failed.code()).isEqualTo(ErrorCode.APPLICATION_FAILED);
            assertThat(failed.describe()).contains("/state").doesNotContain("running");
            assertThat(application.check(soon()))
                    .filteredOn(check -> !check.ok())
                    .singleElement()
                    .satisfies(check -> assertThat(check.message()).contains("/state"));
            assertThat(failure(() -> application.prepare("run", soon())).describe())
                    .contains("no JSON")
                    .doesNotContain("html");
        }
    }

    @Test
    void aFailureOfTheServiceEndsTheBackupAndItIsResumed() {
        service.fail("/quiesce", Fault.BROKEN);
        BackupException failed = failure(() -> backUp(backup(), new ReadCopies()));
        assertThat(failed.code()).isEqualTo(ErrorCode.APPLICATION_FAILED);
        assertThat(failed.describe()).contains("500");
        assertThat(service.state()).isEqualTo("running");
    }

    @Test
    void aResumeThatIsRefusedIsNoneWhereItRuns() {
        service.fail("/resume", Fault.BROKEN);
        try (Application application = open()) {
            application.thaw(soon());
        }
        service.set("quiesced");
        service.fail("/resume", Fault.BROKEN);
        try (Application application = open()) {
            assertThat(failure(() -> application.thaw(soon())).code()).isEqualTo(ErrorCode.APPLICATION_FAILED);
            application.thaw(soon());
        }
        assertThat(service.state()).isEqualTo("running");
    }

    @Test
    void anotherProcessResumesWhatADeadOneHadQuiesced() {
        Application dies = open();
        dies.freeze(soon());
        dies.close();
        try (Application watchdog = open()) {
            watchdog.thaw(soon());
        }
        assertThat(service.state()).isEqualTo("running");
    }

    @Test
    void aServiceThatGoesOnByItselfMakesTheMarkWorthless() {
        try (Application application = open()) {
            application.prepare("run", soon());
            application.freeze(soon());
            service.set("running");
            assertThat(failure(() -> application.mark(soon())).code()).isEqualTo(ErrorCode.FREEZE_LOST);
        }
    }

    @Test
    void whatSomebodyElseHasQuiescedIsNeitherBackedUpNorResumed() {
        service.set("quiesced");
        try (Application application = open()) {
            assertThat(application.check(soon()))
                    .filteredOn(check -> !check.ok())
                    .extracting(Application.Readiness::name)
                    .containsExactly("running");
            assertThat(failure(() -> application.prepare("run", soon())).code())
                    .isEqualTo(ErrorCode.APPLICATION_NOT_READY);
            assertThat(failure(() -> application.freeze(soon())).code()).isEqualTo(ErrorCode.APPLICATION_NOT_READY);
            application.thaw(soon());
        }
        assertThat(service.state()).isEqualTo("quiesced");
    }

    private Connection withCredentials(String password) {
        Connection more = connection
                .with("tokenUrl", "http://127.0.0.1:" + service.port() + "/token")
                .with("clientId", "backup")
                .with("scope", "system/backup");
        return new Connection(more.address(), more.options(), Map.of("clientSecret", Secret.ofText(password)));
    }

    @Test
    void aTokenIsFetchedOnceAndAgainWhenItIsRefused() {
        service.protect("backup", "secret");
        connection = withCredentials("secret");
        service.fail("/token", Fault.LOST_BEFORE);
        try (Application application = open()) {
            application.prepare("run", soon());
            application.freeze(soon());
            assertThat(service.requests()).filteredOn("/token"::equals).hasSize(2);
            service.revoke();
            application.thaw(soon());
        }
        assertThat(service.requests()).filteredOn("/token"::equals).hasSize(3);
        assertThat(service.state()).isEqualTo("running");
    }

    @Test
    void credentialsThatAreRefusedAreNotTriedForEverAndNeverShown() {
        service.protect("backup", "secret");
        connection = withCredentials("wrong-secret");
        try (Application application = open()) {
            BackupException failed = failure(() -> application.prepare("run", soon()));
            assertThat(failed.code()).isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
            assertThat(failed.describe()).doesNotContain("wrong-secret");
        }
        connection = withCredentials("secret");
        service.fail("/status", Fault.UNAUTHORIZED, Fault.UNAUTHORIZED);
        try (Application application = open()) {
            BackupException failed = failure(() -> application.prepare("run", soon()));
            assertThat(failed.code()).isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
            assertThat(failed.describe()).contains("401");
        }
    }

    @Test
    void aServiceThatIsGoneIsUnreachable() {
        service.close();
        try (Application application = open()) {
            assertThat(failure(() -> application.prepare("run", soon())).code())
                    .isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
            assertThat(application.check(soon())).anyMatch(check -> !check.ok());
        }
    }

    @Test
    void anInterfaceThatNeverAnswersIsGivenUp() {
        service.fail("/status", Collections.nCopies(100, Fault.LOST_BEFORE).toArray(Fault[]::new));
        try (Application application = open()) {
            assertThat(failure(() -> application.prepare("run", soon())).code())
                    .isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
        }
    }
}
