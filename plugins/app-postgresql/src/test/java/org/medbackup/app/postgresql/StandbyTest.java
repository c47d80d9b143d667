package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.apps.ApplicationRun;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;

/** A standby that receives the log of a primary in use is backed up in its place; the primary hears nothing of it. */
@Timeout(600)
class StandbyTest {

    static List<Named<PostgresInstallation>> installations() {
        return TestServers.named();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("installations")
    void aStandbyIsBackedUpWhileThePrimaryWorksAndEachCopyIsWhole(PostgresInstallation installation)
            throws SQLException {
        boolean summarizes = installation.major() >= 17;
        Map<String, String> parameters = summarizes ? Map.of("summarize_wal", "on") : Map.of();
        try (var pair = new StreamingPair(installation, parameters)) {
            OpenFolder folder = pair.folder();
            ApplicationRun first;
            long meanwhile;
            try (var load = new Bank.Load(pair.primary(), 2)) {
                TestCluster.until(() -> load.committed() > 100);
                pair.primary().run("CHECKPOINT");
                long before = load.committed();
                first = back(
                        pair, new FolderSink(folder.folder("first")).after(path -> LockSupport.parkNanos(200_000)));
                meanwhile = load.committed() - before;
                TestCluster.until(() -> load.committed() > before + meanwhile + 50);
            }
            pair.catchUp();

            assertThat(meanwhile).isPositive();
            assertThat(first.frozen()).isZero();
            assertThat(first.added()).isLessThan(Duration.ofSeconds(30));
            assertThat(first.discovery().facts()).containsEntry("in_recovery", "true");
            assertThat(first.consistency().evidence()).containsEntry("timeline", "1");

            pair.primary().run("CHECKPOINT");
            pair.catchUp();
            var changed = new LayeredSink(folder.folder("second"), folder.resolve("first"), BackupCase.evidence(first));
            ApplicationRun second = back(pair, changed);

            assertThat(second.consistency().evidence())
                    .containsEntry("pages.mode", summarizes ? "summaries" : "compared");
            assertThat(changed.missed).isEmpty();
            ApplicationRun third = afterAPromotion(pair, second, summarizes);
            requireWhole(folder, "first", first);
            requireWhole(folder, "third", third);
            startsWithoutUs(pair, folder.resolve("second"));
        }
    }

    /** The chain goes on: what has changed is known along the way from the old timeline to the new one. */
    private static ApplicationRun afterAPromotion(StreamingPair pair, ApplicationRun second, boolean summarizes)
            throws SQLException {
        OpenFolder folder = pair.folder();
        pair.promote();
        try (Connection promoted = pair.connect()) {
            promoted.setAutoCommit(false);
            var random = new Random(11);
            for (int i = 0; i < 50; i++) {
                Bank.transfer(promoted, random);
            }
        }
        var sink = new LayeredSink(folder.folder("third"), folder.resolve("second"), BackupCase.evidence(second));
        ApplicationRun third = back(pair, sink);

        assertThat(third.consistency().evidence())
                .containsEntry("timeline", "2")
                .containsEntry("pages.mode", summarizes ? "summaries" : "compared");
        assertThat(sink.missed).isEmpty();
        assertThat(sink.differing > 0).isEqualTo(summarizes);
        return third;
    }

    private static ApplicationRun back(StreamingPair pair, org.medbackup.core.spi.app.CopySink sink) {
        try (Application application = pair.application()) {
            return BackupCase.back(application, "from the standby", sink);
        }
    }

    private static void requireWhole(OpenFolder folder, String root, ApplicationRun run) throws SQLException {
        try (Recovered recovered = BackupCase.recover(
                        folder.resolve(root), BackupCase.evidence(run), folder.resolve(root + "-scratch"));
                Connection connection = BackupCase.connect(recovered)) {
            assertThat(Bank.faults(connection)).isEmpty();
            assertThat(TestCluster.ask(connection, "SELECT count(*) > 100 FROM ledger"))
                    .containsExactly("t");
            assertThat(recovered.verify(TestCluster.soon())).isNotEmpty().allMatch(Readiness::ok);
        }
    }

    private static void startsWithoutUs(StreamingPair pair, Path root) throws SQLException {
        Path data = root.resolve(pair.standby().dataFolder().toString().substring(1));
        ServerSettings settings = ServerSettings.loggingTo(pair.folder().resolve("plain.log"));
        try (PostgresServer server = PostgresServer.start(
                        pair.standby().installation(), data, settings, TestCluster.soon(), TestCluster.OUTSIDE);
                Connection connection = TestCluster.connect(
                        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres&password="
                                + pair.primary().password(),
                        new Properties())) {
            assertThat(Bank.faults(connection)).isEmpty();
        }
    }

    @Test
    void aServerOfAnotherRoleThanWantedIsNotReady() {
        try (var pair = new StreamingPair(TestServers.bundled(), Map.of())) {
            assertThat(failed(pair, "any")).isEmpty();
            assertThat(failed(pair, "standby")).isEmpty();
            assertThat(failed(pair, "prefer-standby")).isEmpty();
            assertThat(failed(pair, "primary")).containsExactly("role");
            assertThatThrownBy(() -> failed(pair, "leader"))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            wrong -> assertThat(wrong.code()).isEqualTo(ErrorCode.USAGE));
            requireStateLost(pair);
        }
    }

    private static List<String> failed(StreamingPair pair, String role) {
        var connection =
                org.medbackup.core.spi.app.Connection.to(pair.address()).with("role", role);
        try (Application application = new PostgresProvider().open(connection, TestCluster.OUTSIDE)) {
            application.discover(TestCluster.soon());
            return application.check(TestCluster.soon()).stream()
                    .filter(check -> !check.ok())
                    .map(Readiness::name)
                    .toList();
        }
    }

    /** A heartbeat that expects a primary finds a standby, as after a failover behind the same address. */
    private static void requireStateLost(StreamingPair pair) {
        Connector connector = pair.primary().connector();
        var other = new Connector(PostgresAddress.parse(pair.address()), Passwords.ofThisProcess());
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
}
