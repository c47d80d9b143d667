package org.medbackup.app.sqlserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.app.sqlserver.fake.Fault;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.testkit.CopiedFolder;

/** Suspensions when things go wrong: writes always go on in the end, and no wrong copy is taken for good. */
@Timeout(60)
class SqlServerFreezeTest {

    private static final String[] SNAPSHOT = {Settings.MODE, "snapshot"};
    private static final String SUSPEND = "ALTER SERVER CONFIGURATION SET SUSPEND_FOR_SNAPSHOT_BACKUP = ON";
    private static final String RESUME = "ALTER SERVER CONFIGURATION SET SUSPEND_FOR_SNAPSHOT_BACKUP = OFF";

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private void writesGoOn() {
        assertThat(stage.server.write("clinic")).isTrue();
        assertThat(stage.server.write("lab]s")).isTrue();
    }

    /** What Microsoft does not say: both answers are right for us. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterTheDeathOfTheHolderWritesGoOnAndTheSnapshotIsRefused(boolean deathResumes) {
        stage.server.deathResumes(deathResumes);
        stage.snapshots(false, stage.server::killSessions);

        assertThatThrownBy(() -> stage.back(stage.application(SNAPSHOT), "run-7", stage.copy()))
                .isInstanceOf(BackupException.class);

        writesGoOn();
    }

    @Test
    void aSuspensionWhoseAnswerIsLostIsEnded() {
        stage.snapshots(true, () -> {});
        stage.server.next(SUSPEND, new Fault.DropAfter());

        Scenario.fails(
                ErrorCode.APPLICATION_UNREACHABLE,
                () -> stage.back(stage.application(SNAPSHOT), "run-7", stage.copy()));

        writesGoOn();
    }

    @Test
    void aResumingThatFailsIsTriedAgain() {
        stage.snapshots(true, () -> {});
        stage.server.next("BACKUP GROUP", new Fault.Fails(3271, 3013));
        stage.server.next(RESUME, new Fault.Fails(1205));
        stage.server.next(RESUME, new Fault.DropBefore());

        assertThatThrownBy(() -> stage.back(stage.application(SNAPSHOT), "run-7", stage.copy()))
                .isInstanceOf(BackupException.class);

        writesGoOn();
    }

    @Test
    void aSnapshotThatOutlastsTheLeaseIsResumedAndRefused() {
        stage.snapshots(false, () -> {
            if (stage.server.isSuspended("clinic")) {
                stage.time.awaitSleeper("medbackup-freeze-lease");
                stage.time.advance(Duration.ofSeconds(21));
                while (stage.server.isSuspended("clinic")) {
                    Thread.onSpinWait();
                }
            }
        });

        assertThatThrownBy(() -> stage.back(stage.application(SNAPSHOT), "run-7", stage.copy()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isIn(ErrorCode.FREEZE_LOST, ErrorCode.BUDGET_EXCEEDED));
        writesGoOn();
    }

    @Test
    void withoutTheSuspensionASlowSnapshotAttachesAndIsWrong() {
        stage.writes("clinic", 5);
        var slow = stage.snapshots(false, () -> stage.server.write("clinic"));
        Path data = stage.folder.resolve("data");

        try (var taken = slow.take(List.of(data), "x", stage.soon());
                Session session = Session.open(stage.sandbox, "test", stage.soon())) {
            stage.server.other("ALTER DATABASE [clinic] SET SUSPEND_FOR_SNAPSHOT_BACKUP = ON");
            stage.server.other("ALTER DATABASE [clinic] SET SUSPEND_FOR_SNAPSHOT_BACKUP = OFF");
            try (Session holder = stage.session()) {
                holder.run("x", stage.soon(), "ALTER DATABASE [clinic] SET SUSPEND_FOR_SNAPSHOT_BACKUP = ON");
                holder.run(
                        "x",
                        stage.soon(),
                        "BACKUP DATABASE [clinic] TO DISK = N'"
                                + stage.backups().resolve("late.bkm") + "' WITH METADATA_ONLY");
            }
            session.run(
                    "x",
                    stage.soon(),
                    "RESTORE DATABASE [clinic] FROM DISK = N'" + stage.backups().resolve("late.bkm")
                            + "' WITH METADATA_ONLY, MOVE N'clinic' TO N'"
                            + taken.at(data).resolve("db3.mdf") + "', MOVE N'clinic_log' TO N'"
                            + taken.at(data).resolve("db3_log.ldf") + "'");
        }
        var clinic = Objects.requireNonNull(stage.sandbox.restored("clinic"));
        assertThat(clinic.isConsistent()).isFalse();
    }

    @Test
    void ourOwnChainRestsOnTheSnapshot() {
        stage.snapshots(true, () -> {});
        stage.writes("clinic", 4);

        stage.back(
                stage.application(Settings.MODE, "snapshot", Settings.OWNS_CHAIN, "true", Settings.SCOPE, "database"),
                "run-7",
                stage.copy());

        assertThat(stage.server.base("clinic")).isEqualTo(4);
    }

    @Test
    void aWholeServerIsSuspendedByOneStatement() {
        stage.snapshots(true, () -> {});
        CopiedFolder copy = stage.copy();

        var run = stage.back(stage.application(Settings.MODE, "snapshot", Settings.SCOPE, "server"), "run-7", copy);

        assertThat(stage.server.count(SUSPEND + " (MODE = COPY_ONLY)")).isEqualTo(1);
        assertThat(stage.server.count("BACKUP SERVER TO DISK = ")).isEqualTo(1);
        try (Recovered recovered = stage.recover(copy, Stage.evidence(run))) {
            assertThat(recovered.address()).isEqualTo("jdbc:sqlserver://127.0.0.1:1434");
            assertThat(stage.sandbox.restored("medbackup_lab]s")).isNotNull();
        }
        assertThat(stage.sandbox.restored("medbackup_lab]s")).isNull();
    }

    @Test
    void anotherProductsSuspensionIsLeftAlone() {
        stage.snapshots(true, () -> {});
        stage.server.other("ALTER DATABASE [clinic] SET SUSPEND_FOR_SNAPSHOT_BACKUP = ON");

        Scenario.fails(
                ErrorCode.APPLICATION_NOT_READY, () -> stage.back(stage.application(SNAPSHOT), "run-7", stage.copy()));

        assertThat(stage.server.isSuspended("clinic")).isTrue();
    }

    /** After the checks, which would have refused it. */
    @Test
    void aSuspensionThatAnotherProductBeginsJustBeforeOursIsLeftAlone() {
        stage.snapshots(true, () -> {});
        String suspend = "ALTER DATABASE [clinic] SET SUSPEND_FOR_SNAPSHOT_BACKUP = ";
        Application late = stage.application(SNAPSHOT);
        late.discover(stage.soon());
        stage.server.other(suspend + "ON");
        Scenario.fails(ErrorCode.APPLICATION_NOT_READY, () -> late.prepare("run-7", stage.soon()));
        late.after(Outcome.FAILURE, stage.soon());
        assertThat(stage.server.isSuspended("clinic")).isTrue();
        stage.server.other(suspend + "OFF");
        Application later = stage.application(SNAPSHOT);
        later.discover(stage.soon());
        later.prepare("run-8", stage.soon());
        stage.server.other(suspend + "ON");

        Scenario.fails(ErrorCode.APPLICATION_NOT_READY, () -> later.freeze(stage.soon()));
        later.thaw(stage.soon());
        later.after(Outcome.FAILURE, stage.soon());

        assertThat(stage.server.isSuspended("clinic")).isTrue();
        assertThat(stage.server.write("lab]s")).isTrue();
    }

    @Test
    void anOldServerOrAFolderWithoutSnapshotsIsNotReady() {
        assertThat(Scenario.missing(stage.application(SNAPSHOT), stage)).containsExactly("snapshot");
        stage.snapshots(true, () -> {});
        stage.server.version("15.0.4316.3");
        assertThat(Scenario.missing(stage.application(SNAPSHOT), stage)).containsExactly("version");
    }

    @Test
    void aServerThatStaysSuspendedIsAFailedThaw() {
        Application application = stage.application(SNAPSHOT);
        Scenario.frozen(application, stage);
        stage.server.next("SELECT CAST(SERVERPROPERTY('IsServer", new Fault.First(() -> {}));
        for (int i = 0; i < 2; i++) {
            stage.server.next(RESUME, new Fault.First(() -> {}));
        }
        application.thaw(stage.soon());
        application.thaw(stage.soon());

        writesGoOn();
    }
}
