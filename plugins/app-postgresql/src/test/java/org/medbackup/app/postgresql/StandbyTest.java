package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.apps.ConsistentBackup;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;

/** A standby made from a backup: it is not taken for a primary, and once promoted it is one of another timeline. */
@Timeout(120)
class StandbyTest {

    @Test
    void aStandbyIsToldAndItsPromotionIsNoticed() throws IOException, SQLException {
        try (OpenFolder folder = new OpenFolder();
                TestCluster primary = TestCluster.bundled()) {
            Bank.open(primary);
            Path root = folder.folder("standby");
            ApplicationRun first = BackupCase.back(primary, new FolderSink(root));
            Path data = root.resolve(primary.data().toString().substring(1));
            Files.createFile(data.resolve("standby.signal"));
            ServerSettings settings = ServerSettings.loggingTo(folder.resolve("standby.log"));

            try (StandbyServer standby = StandbyServer.start(primary, data, settings);
                    Application application = standby.application(primary)) {
                assertThat(application.discover(TestCluster.soon()).facts())
                        .containsEntry("in_recovery", "true")
                        .containsEntry("timeline", "1");
                assertThat(application.check(TestCluster.soon()))
                        .filteredOn(check -> !check.ok())
                        .singleElement()
                        .satisfies(check -> assertThat(check.name()).isEqualTo("primary"));
                requireStateLost(primary, standby);

                try (Application copied = standby.application(primary);
                        Application marked = standby.application(primary)) {
                    untilMarked(copied, "copied");
                    copied.copy(new FolderSink(folder.folder("from standby")));
                    untilMarked(marked, "marked");

                    standby.promote();

                    requireStateLost(() -> marked.copy(new FolderSink(folder.folder("promoted"))));
                    requireStateLost(() -> copied.verify(TestCluster.soon()));
                }
                backUpTheNewTimeline(primary, standby, folder, first);
            }
        }
    }

    private static void untilMarked(Application application, String run) {
        application.discover(TestCluster.soon());
        application.prepare(run, TestCluster.soon());
        application.mark(TestCluster.soon());
    }

    private static void requireStateLost(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        lost -> assertThat(lost.code()).isEqualTo(ErrorCode.APPLICATION_STATE_LOST));
    }

    /** A heartbeat that expects a primary finds a standby, as after a failover behind the same address. */
    private static void requireStateLost(TestCluster primary, StandbyServer standby) {
        var connector = new Connector(PostgresAddress.parse(primary.address()), Passwords.ofThisProcess());
        var other = new Connector(PostgresAddress.parse(standby.address(primary)), Passwords.ofThisProcess());
        try (Holder holder = Holder.open(connector, 18, "heartbeat", TestCluster.soon());
                Session toPrimary = connector.open("monitor", TestCluster.soon());
                Session toStandby = other.open("monitor", TestCluster.soon())) {
            Cluster.State now = new ClusterQuery(toPrimary, TestCluster.soon()).state();
            requireLost(holder, toStandby, now, "has become a standby");
            requireLost(
                    holder,
                    toPrimary,
                    new Cluster.State(now.systemIdentifier(), 7, false),
                    "the server's timeline has changed");
            try (var alive = Heartbeat.start(holder, toPrimary, now, TestCluster.OUTSIDE.time())) {
                alive.finish();
            }
        }
    }

    private static void requireLost(Holder holder, Session monitor, Cluster.State expected, String why) {
        try (var heartbeat = Heartbeat.start(holder, monitor, expected, TestCluster.OUTSIDE.time())) {
            assertThatThrownBy(heartbeat::finish)
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            lost -> assertThat(lost.code()).isEqualTo(ErrorCode.APPLICATION_STATE_LOST))
                    .hasMessageContaining(why);
        }
    }

    private static void backUpTheNewTimeline(
            TestCluster primary, StandbyServer standby, OpenFolder folder, ApplicationRun first) throws SQLException {
        var sink = new FolderSink(folder.folder("second"));
        ApplicationRun run;
        try (Application application = standby.application(primary)) {
            run = ConsistentBackup.of(TimeSource.system(), OperationLog.silent())
                    .run(application, "second", sink);
            application.after(Outcome.SUCCESS, TestCluster.soon());
        }
        assertThat(run.discovery().identity()).isEqualTo(first.discovery().identity());
        assertThat(run.consistency().evidence()).containsEntry("timeline", "2");
        assertThat(sink.order()).anyMatch(path -> path.endsWith("/pg_wal/00000002.history"));
        Map<String, String> evidence = BackupCase.evidence(run);
        try (Recovered recovered = BackupCase.recover(folder.resolve("second"), evidence, folder.resolve("scratch"));
                Connection connection = BackupCase.connect(recovered)) {
            assertThat(Bank.faults(connection)).isEmpty();
        }
    }

    /** The standby, with the primary's password. */
    private record StandbyServer(PostgresServer server) implements AutoCloseable {

        static StandbyServer start(TestCluster primary, Path data, ServerSettings settings) {
            return new StandbyServer(PostgresServer.start(
                    primary.installation(),
                    data,
                    settings.with("hot_standby", "on"),
                    TestCluster.soon(),
                    TestCluster.OUTSIDE));
        }

        URI address(TestCluster primary) {
            return URI.create("postgresql://postgres:" + primary.password() + "@127.0.0.1:" + server.port());
        }

        Application application(TestCluster primary) {
            return new PostgresProvider().open(address(primary), TestCluster.OUTSIDE);
        }

        void promote() {
            assertThat(TestCluster.OUTSIDE
                            .processes()
                            .run(server.command(
                                    "pg_ctl",
                                    "promote",
                                    "-w",
                                    "-D",
                                    server.dataFolder().toString()))
                            .succeeded())
                    .isTrue();
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
