package org.medbackup.app.postgresql.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.app.postgresql.BackupCase;
import org.medbackup.app.postgresql.Bank;
import org.medbackup.app.postgresql.FolderSink;
import org.medbackup.app.postgresql.Lsn;
import org.medbackup.app.postgresql.OpenFolder;
import org.medbackup.app.postgresql.PostgresProvider;
import org.medbackup.app.postgresql.TestCluster;
import org.medbackup.app.postgresql.TestServers;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.ApplicationLog.Base;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.ApplicationRecovery.Log;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.LogReplay;
import org.medbackup.core.spi.app.RecoveryTarget;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.FolderArchive;

/**
 * Two backups and a stream of log of a server in use; recoveries to points in time, each equal to the replay of the
 * client's own list of commits. One writer commits, so that a position tells exactly which commits lie before it.
 */
@Timeout(600)
class PointInTimeTest {

    private static final int BEFORE = 120;
    private static final int COMMITS = 400;

    static List<Named<PostgresInstallation>> installations() {
        return TestServers.named();
    }

    /** What the client knows after a commit: how many there were, and where and when the log stood. */
    private record Commit(int count, String position, Instant time, String point) {}

    private final List<Commit> commits = new ArrayList<>();
    private final Map<String, Path> folders = new TreeMap<>();
    private final List<Base> bases = new ArrayList<>();

    @ParameterizedTest(name = "{0}")
    @MethodSource("installations")
    void aRestoredServerIsEqualToTheReplayOfTheCommitsUpToTheTarget(PostgresInstallation installation)
            throws SQLException, InterruptedException {
        try (var cluster = new TestCluster(installation, Map.of());
                var folder = new OpenFolder()) {
            Bank.open(cluster);
            var archive = new FolderArchive(folder.resolve("archive"));
            Thread receiver = receiver(cluster, archive, folder.resolve("spool"));
            commit(cluster, BEFORE, 0);
            back(cluster, folder, "first");
            commit(cluster, COMMITS / 2, BEFORE);
            back(cluster, folder, "second");
            commit(cluster, COMMITS / 2, BEFORE + COMMITS / 2);
            cluster.run("SELECT pg_switch_wal()", "CREATE TABLE last (id int)");
            String end = cluster.ask("SELECT pg_current_wal_lsn()").getFirst();
            TestCluster.until(() -> received.compareTo(Lsn.parse(end)) >= 0);
            receiver.interrupt();
            receiver.join();
            try (ApplicationLog log = log(cluster)) {
                assertThat(log.gaps(archive.entries())).isEmpty();
                recover(cluster, folder, archive, log);
                gap(archive, log);
            }
        }
    }

    private volatile Received received = new Received(0);

    private record Received(long position) {

        int compareTo(Lsn other) {
            return Long.compareUnsigned(position, other.value());
        }
    }

    private static ApplicationLog log(TestCluster cluster) {
        return new PostgresProvider()
                .log(org.medbackup.core.spi.app.Connection.to(cluster.address()), ReceivingTest.OUTSIDE);
    }

    private Thread receiver(TestCluster cluster, FolderArchive archive, Path spool) {
        return Thread.ofPlatform().start(() -> {
            try (ApplicationLog log = log(cluster)) {
                log.receive(
                        archive,
                        spool,
                        new Reception("points", 2, Duration.ofMinutes(5), "", null),
                        lag -> received = new Received(Lsn.parse(lag.received()).value()));
            }
        });
    }

    private void commit(TestCluster cluster, int count, int from) throws SQLException {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            var random = new Random(from);
            for (int i = 1; i <= count; i++) {
                Bank.transfer(connection, random);
                String point = i % 50 == 0 ? "point-" + (from + i) : "";
                if (!point.isEmpty()) {
                    statement.execute("SELECT pg_create_restore_point('" + point + "')");
                    connection.commit();
                }
                try (ResultSet row = statement.executeQuery(
                        "SELECT pg_current_wal_insert_lsn(), clock_timestamp(), pg_sleep(0.002)")) {
                    row.next();
                    commits.add(new Commit(
                            from + i, row.getString(1), row.getTimestamp(2).toInstant(), point));
                }
                connection.commit();
            }
        }
    }

    private void back(TestCluster cluster, OpenFolder folder, String name) {
        Path root = folder.folder(name);
        var run = BackupCase.back(cluster, new FolderSink(root));
        folders.put(name, root);
        bases.add(new Base(name, Instant.now(), BackupCase.evidence(run)));
    }

    /** The balances after so many commits, as the client's own list says. */
    private static List<String> replayed(int count) {
        long[] balances = new long[Bank.ACCOUNTS + 1];
        int done = 0;
        for (int from : new int[] {0, BEFORE, BEFORE + COMMITS / 2}) {
            int length = from == 0 ? BEFORE : COMMITS / 2;
            var random = new Random(from);
            for (int i = 0; i < length && done < count; i++, done++) {
                int giver = 1 + random.nextInt(Bank.ACCOUNTS);
                int taker = 1 + random.nextInt(Bank.ACCOUNTS);
                if (giver != taker) {
                    long amount = 1L + random.nextInt(1000);
                    balances[giver] -= amount;
                    balances[taker] += amount;
                }
            }
        }
        List<String> all = new ArrayList<>();
        for (int account = 1; account <= Bank.ACCOUNTS; account++) {
            all.add(account + ":" + balances[account]);
        }
        return all;
    }

    private void recover(TestCluster cluster, OpenFolder folder, FolderArchive archive, ApplicationLog log)
            throws SQLException {
        long began = System.nanoTime();
        int points = Evidence.rounds(3, 20);
        var random = new Random(4711);
        List<Commit> later = commits.stream()
                .filter(each -> each.count() > BEFORE + 5 && each.count() < BEFORE + COMMITS - 5)
                .filter(each -> each.count() < BEFORE + COMMITS / 2 - 5 || each.count() > BEFORE + COMMITS / 2 + 5)
                .toList();
        List<Commit> named =
                later.stream().filter(each -> !each.point().isEmpty()).toList();
        for (int i = 0; i < points; i++) {
            boolean byName = i % 3 == 2;
            Commit commit = (byName ? named : later).get(random.nextInt((byName ? named : later).size()));
            RecoveryTarget target = byName
                    ? new RecoveryTarget.AtName(commit.point())
                    : i % 3 == 1
                            ? new RecoveryTarget.AtTime(commit.time())
                            : new RecoveryTarget.AtPosition(commit.position());
            one(cluster, folder.folder("point-" + i), archive, log, target, commit, i + 2);
        }
        var counts = new TreeMap<String, Long>();
        counts.put("points", (long) points);
        counts.put("equalToTheReplay", (long) points);
        Evidence.keep(
                "point-in-time",
                cluster.installation().equals(TestServers.bundled()) ? "bundled" : "installed",
                began,
                counts);
    }

    private void one(
            TestCluster cluster,
            Path folder,
            FolderArchive archive,
            ApplicationLog log,
            RecoveryTarget target,
            Commit commit,
            int timeline)
            throws SQLException {
        LogReplay replay = log.plan(bases, archive.entries(), target, "1");
        boolean behind = commit.count() > BEFORE + COMMITS / 2;
        assertThat(replay.base()).isEqualTo(behind ? "second" : "first");
        Path root = folder.resolve("root");
        BackupCase.duplicate(java.util.Objects.requireNonNull(folders.get(replay.base())), root);
        Base base = bases.get(behind ? 1 : 0);
        Path scratch = folder.resolve("scratch");
        make(scratch);
        var files = new RestoredFiles(root, base.evidence(), scratch, target, new Log(archive, replay), Map.of());
        Path data = root.resolve(cluster.data().toString().substring(1));
        earlierTarget(data);
        try (Recovered recovered =
                new PostgresProvider().recovery(TestCluster.OUTSIDE).start(files, TestCluster.soon())) {
            Instant reached = recovered.reached().time();
            assertThat(reached).isNotNull().isBefore(commit.time().plus(2, ChronoUnit.SECONDS));
            if (target instanceof RecoveryTarget.AtTime at) {
                assertThat(reached).isBeforeOrEqualTo(at.time());
            }
            try (Connection connection = BackupCase.connect(recovered)) {
                assertThat(Bank.faults(connection)).isEmpty();
                assertThat(balances(connection)).isEqualTo(replayed(commit.count()));
            }
            assertThat(recovered.verify(TestCluster.soon())).isNotEmpty().allMatch(Readiness::ok);
        }
        ServerSettings plain = ServerSettings.loggingTo(folder.resolve("plain.log"));
        try (PostgresServer server = PostgresServer.start(
                        cluster.installation(), data, plain, TestCluster.soon(), TestCluster.OUTSIDE);
                Connection connection = TestCluster.connect(
                        "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres&password="
                                + cluster.password(),
                        new Properties())) {
            assertThat(balances(connection)).isEqualTo(replayed(commit.count()));
        }
        // The histories of the archive come along, so each restored server takes a number that nobody has.
        Path history = data.resolve("pg_wal").resolve(WalName.history(timeline));
        archive.store(List.of(log.handedOver(history, TestCluster.soon())));
    }

    /** As another tool may have left it behind. */
    private static void earlierTarget(Path data) {
        try {
            Files.writeString(
                    data.resolve("postgresql.auto.conf"),
                    "recovery_target_time = '2001-01-01 00:00:00+00'\n",
                    java.nio.file.StandardOpenOption.APPEND);
        } catch (java.io.IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static List<String> balances(Connection connection) {
        return TestCluster.ask(connection, "SELECT id || ':' || balance FROM account ORDER BY id");
    }

    private static void make(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (java.io.IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private void gap(FolderArchive archive, ApplicationLog log) {
        Commit last = commits.get(commits.size() - 2);
        var target = new RecoveryTarget.AtPosition(last.position());
        // From the first backup: the second one has the log before it.
        List<Base> first = bases.subList(0, 1);
        LogReplay replay = log.plan(first, archive.entries(), target, "1");
        LogReplay.Part lost = replay.parts().get(replay.parts().size() - 2);
        archive.remove(lost.name());

        assertThat(log.gaps(archive.entries()))
                .extracting(ApplicationLog.Gap::from)
                .containsExactly(lost.as());
        assertThatThrownBy(() -> log.plan(first, archive.entries(), target, "1"))
                .hasMessageContaining(lost.as())
                .isInstanceOfSatisfying(
                        BackupException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LOG_INCOMPLETE));
    }
}
