package org.medbackup.app.postgresql.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.app.postgresql.Bank;
import org.medbackup.app.postgresql.OpenFolder;
import org.medbackup.app.postgresql.PostgresProvider;
import org.medbackup.app.postgresql.TestCluster;
import org.medbackup.app.postgresql.TestServers;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.ApplicationLog.Lag;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.testkit.FolderArchive;

/** Receives the log of real servers as they write it. */
@Timeout(120)
@ParameterizedClass
@MethodSource("installations")
class ReceivingTest {

    static final Outside OUTSIDE = new Outside(TimeSource.system(), Processes.system());

    private static @Nullable TestCluster running;

    private final TestCluster cluster = Objects.requireNonNull(running);
    private final OpenFolder folder = new OpenFolder();
    private final FolderArchive archive = new FolderArchive(folder.resolve("archive"));

    ReceivingTest(PostgresInstallation installation) {
        assertThat(cluster.installation()).isEqualTo(installation);
    }

    static List<Named<PostgresInstallation>> installations() {
        return TestServers.named();
    }

    @BeforeParameterizedClassInvocation
    static void open(PostgresInstallation installation) {
        var cluster = new TestCluster(installation, Map.of());
        running = cluster;
        Bank.open(cluster);
    }

    @AfterParameterizedClassInvocation
    static void close() {
        Objects.requireNonNull(running).close();
    }

    @AfterEach
    void remove() {
        folder.close();
    }

    private ApplicationLog log() {
        return new PostgresProvider().log(Connection.to(cluster.address()), OUTSIDE);
    }

    private String position() {
        return cluster.ask("SELECT pg_current_wal_lsn()").getFirst();
    }

    private Lag receive(String slot, String end, List<Lag> told) {
        var reception = new Reception(slot, 2, Duration.ofMinutes(5), end, Duration.ofSeconds(60));
        try (ApplicationLog log = log()) {
            return log.receive(archive, folder.resolve("spool"), reception, told::add);
        }
    }

    @Test
    void whatTheServerWritesIsReceivedWithoutAGapAndEachFileIsTheServersOwn() throws IOException {
        String first = position();
        // The slot begins here.
        receive("first", first, new ArrayList<>());
        Bank.transfers(cluster, 1500, 7);
        cluster.run("SELECT pg_create_restore_point('before lunch')", "SELECT pg_switch_wal()");
        Bank.transfers(cluster, 10, 8);
        String end = position();
        List<Lag> told = new ArrayList<>();

        Lag lag = receive("first", end, told);

        assertThat(archive.names()).hasSizeGreaterThan(3);
        try (ApplicationLog log = log()) {
            assertThat(log.gaps(archive.entries())).isEmpty();
        }
        assertThat(lag.received()).isEqualTo(end);
        assertThat(lag.stored()).isEqualTo(end);
        assertThat(lag.bytes()).isZero();
        assertThat(lag.files()).isPositive();
        int compared = 0;
        for (String name : archive.names()) {
            String file = Objects.requireNonNull(Branch.parse(name)).file();
            var original = cluster.data().resolve("pg_wal").resolve(file);
            if (Files.exists(original)) {
                assertThat(archive.file(name)).hasSameBinaryContentAs(original);
                compared++;
            }
        }
        assertThat(compared).isPositive();
        assertThat(archive.entries())
                .anySatisfy(entry -> assertThat(entry.facts()).containsKey("point.before lunch"));
        assertThat(folder.resolve("spool")).isDirectoryNotContaining("glob:**.{partial,receiving}");
        assertThat(cluster.ask("SELECT active FROM pg_replication_slots WHERE slot_name = 'first'"))
                .containsExactly("f");
    }

    @Test
    void aReceiverThatIsKilledGoesOnWithoutAGap() throws IOException, InterruptedException {
        Process child = ReceiverChild.start(cluster.address(), folder.resolve("archive"), folder.resolve("spool"));
        try (var said = child.inputReader();
                var load = new Bank.Load(cluster, 1)) {
            TestCluster.until(() -> load.committed() > 100);
            assertThat(said.readLine()).contains("/");
            cluster.run("SELECT pg_switch_wal()");
            assertThat(said.readLine()).contains("/");
        } finally {
            child.destroyForcibly().waitFor();
        }
        Bank.transfers(cluster, 50, 11);
        cluster.run("SELECT pg_switch_wal()");
        Bank.transfers(cluster, 50, 12);
        String end = position();

        Lag lag = receive("child", end, new ArrayList<>());

        assertThat(lag.received()).isEqualTo(end);
        try (ApplicationLog log = log()) {
            assertThat(log.gaps(archive.entries())).isEmpty();
        }
        long first = segment(archive.names().getFirst());
        long last = segment(archive.names().getLast());
        assertThat(archive.names().stream().filter(each -> !each.endsWith(".partial")))
                .hasSize((int) (last - first));
        assertThat(cluster.ask("SELECT pg_drop_replication_slot('child')")).hasSize(1);
    }

    private static long segment(String name) {
        WalName file = Objects.requireNonNull(
                WalName.parse(Objects.requireNonNull(Branch.parse(name)).file()));
        return file.segment(1 << 20);
    }

    @Test
    void aSecondReceiverOfOneSpoolAndWrongNamesAreRefused() {
        try (var spool = new Spool(folder.resolve("spool"))) {
            spool.open();
            assertThatThrownBy(() -> receive("other", "", new ArrayList<>())).hasMessageContaining("another process");
        }
        assertThatThrownBy(() -> receive("No Slot", "", new ArrayList<>())).hasMessageContaining("slot's name");
        assertThatThrownBy(() -> receive("other", "here", new ArrayList<>())).hasMessageContaining("LSN");
        try (ApplicationLog nobody = new PostgresProvider()
                .log(Connection.to(java.net.URI.create("postgresql://u:p@127.0.0.1:1/postgres")), OUTSIDE)) {
            assertThatThrownBy(() -> nobody.receive(archive, folder.resolve("spool"), Reception.USUAL, told -> {}))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_UNREACHABLE));
        }
    }
}
