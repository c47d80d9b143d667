package org.medbackup.app.postgresql.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.app.postgresql.BackupCase;
import org.medbackup.app.postgresql.Bank;
import org.medbackup.app.postgresql.FolderSink;
import org.medbackup.app.postgresql.OpenFolder;
import org.medbackup.app.postgresql.PostgresProvider;
import org.medbackup.app.postgresql.StreamingPair;
import org.medbackup.app.postgresql.TestCluster;
import org.medbackup.app.postgresql.TestServers;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.Repetition;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.ApplicationLog.Base;
import org.medbackup.core.spi.app.ApplicationLog.Lag;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.LogReplay;
import org.medbackup.core.spi.app.RecoveryTarget;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.testkit.FolderArchive;

/** A standby is promoted while it is backed up and its log is received; the old primary goes on on its own. */
@Timeout(600)
class FailoverTest {

    static List<Named<PostgresInstallation>> installations() {
        return TestServers.named();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("installations")
    void theBackupIsRepeatedTheLogIsFollowedAndTheOldPrimaryIsRefused(PostgresInstallation installation)
            throws Exception {
        try (var pair = new StreamingPair(installation, Map.of())) {
            OpenFolder folder = pair.folder();
            var archive = new FolderArchive(folder.resolve("archive"));
            var receiving = new FutureTask<Lag>(() -> receive(pair, archive, ""));
            Thread receiver = Thread.ofPlatform().start(receiving);
            TestCluster.until(() -> pair.ask("SELECT count(*) FROM pg_replication_slots WHERE active")
                    .equals("1"));
            Bank.transfers(pair.primary(), 100, 5);
            pair.catchUp();

            ApplicationRun repeated = repeatedAfterPromotion(pair, folder);

            Bank.transfers(pair.primary(), 30, 6);
            try (Connection promoted = pair.connect()) {
                promoted.setAutoCommit(false);
                var random = new java.util.Random(7);
                for (int i = 0; i < 40; i++) {
                    Bank.transfer(promoted, random);
                }
            }
            String end = pair.ask("SELECT pg_current_wal_lsn()");
            receiver.interrupt();
            receiver.join();
            assertThat(receiving.get().received()).isNotBlank();
            receive(pair, archive, end);
            theNewTimelineIsWholeInTheArchive(pair, folder, archive, repeated);
        }
    }

    private static Lag receive(StreamingPair pair, FolderArchive archive, String end) {
        try (ApplicationLog log = log(pair)) {
            return log.receive(
                    archive,
                    pair.folder().resolve("spool"),
                    new Reception(
                            "failover", 2, Duration.ofMinutes(5), end, end.isEmpty() ? null : Duration.ofSeconds(60)),
                    lag -> {});
        }
    }

    private static ApplicationLog log(StreamingPair pair) {
        return new PostgresProvider()
                .log(org.medbackup.core.spi.app.Connection.to(pair.address()), ReceivingTest.OUTSIDE);
    }

    private static ApplicationRun repeatedAfterPromotion(StreamingPair pair, OpenFolder folder) throws SQLException {
        var noticed = new ArrayList<Duration>();
        Repetition repetition = Repetition.of(TestCluster.OUTSIDE.time(), OperationLog.silent());
        ApplicationRun done = repetition.run(attempt -> {
            var sink = new FolderSink(folder.folder("attempt-" + attempt));
            var promoted = new ArrayList<Long>();
            if (attempt == 1) {
                sink.after(path -> {
                    if (promoted.isEmpty()) {
                        pair.promote();
                        promoted.add(System.nanoTime());
                    }
                    // A large cluster: the copy would go on for a long time.
                    TimeSource.system().sleep(Duration.ofMillis(20));
                });
            }
            try (Application application = pair.application()) {
                return BackupCase.back(application, "failover-" + attempt, sink);
            } catch (BackupException lost) {
                assertThat(lost.code()).isEqualTo(ErrorCode.APPLICATION_STATE_LOST);
                assertThat(attempt).isEqualTo(1);
                noticed.add(Duration.ofNanos(System.nanoTime() - promoted.getFirst()));
                // Long before the end: the control file comes last.
                assertThat(sink.order()).noneMatch(path -> path.endsWith("/pg_control"));
                throw lost;
            }
        });

        // The test's clock makes of five seconds between two questions a fiftieth.
        assertThat(noticed).hasSize(1);
        assertThat(noticed.getFirst()).isLessThan(Duration.ofSeconds(10).dividedBy(5));
        assertThat(done.discovery().facts()).containsEntry("in_recovery", "false");
        assertThat(done.consistency().evidence()).containsEntry("timeline", "2");
        try (Recovered recovered = BackupCase.recover(
                        folder.resolve("attempt-2"), BackupCase.evidence(done), folder.resolve("scratch"));
                Connection connection = BackupCase.connect(recovered)) {
            assertThat(Bank.faults(connection)).isEmpty();
        }
        return done;
    }

    private static void theNewTimelineIsWholeInTheArchive(
            StreamingPair pair, OpenFolder folder, FolderArchive archive, ApplicationRun repeated) {
        Path wrong = folder.folder("diverged");
        ApplicationRun diverged = BackupCase.back(pair.primary(), new FolderSink(wrong));
        Base first = new Base("first", Instant.now(), BackupCase.evidence(pair.base()));
        Base old = new Base("old primary", Instant.now(), BackupCase.evidence(diverged));
        Base now = new Base("repeated", Instant.now(), BackupCase.evidence(repeated));
        var newest = new RecoveryTarget.Newest();
        try (ApplicationLog log = log(pair)) {
            assertThat(archive.names()).anyMatch(name -> name.contains("00000002.history"));
            assertThat(log.gaps(archive.entries())).isEmpty();
            LogReplay replay = log.plan(List.of(first, old), archive.entries(), newest, "2");
            assertThat(replay.base()).isEqualTo("first");
            assertThat(log.plan(List.of(first, old, now), archive.entries(), newest, "2")
                            .base())
                    .isEqualTo("repeated");
            requireCode(
                    ErrorCode.RECOVERY_TARGET_UNREACHABLE,
                    () -> log.plan(List.of(old), archive.entries(), newest, "2"));
        }
        Map<String, String> newer = BackupCase.evidence(repeated);
        CopySink after = new FolderSink(folder.folder("refused")).following(newer);
        requireCode(ErrorCode.APPLICATION_DIVERGED, () -> BackupCase.back(pair.primary(), after));
    }

    private static void requireCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
