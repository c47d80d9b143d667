package org.medbackup.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;

class PostgresServerTest {

    private static final Outside OUTSIDE = Outside.system();
    private static final OpenFolder FOLDER = new OpenFolder();
    private static Path data = Path.of("/absent");

    @BeforeAll
    static void createOneCluster() {
        data = FOLDER.resolve("shared");
        create(TestServers.bundled(), data);
    }

    @AfterAll
    static void remove() {
        FOLDER.close();
    }

    /** The bundled one and the newest of this machine, under names that are the same on every machine. */
    static List<Named<PostgresInstallation>> installations() {
        return TestServers.all().stream()
                .limit(2)
                .map(each -> Named.of(each.equals(TestServers.bundled()) ? "bundled" : "installed", each))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("installations")
    void runsAClusterThatItCreated(PostgresInstallation installation) throws IOException {
        Path folder = FOLDER.resolve("each-" + installation.version());
        NewCluster cluster = create(installation, folder);
        ServerSettings settings =
                settings("each").withAccess("local all all trust").with("max_connections", "20");

        try (PostgresServer server = start(installation, folder, settings)) {
            assertThat(server.isAlive()).isTrue();
            assertThat(server.dataFolder()).isEqualTo(folder);
            assertThat(server.installation()).isEqualTo(installation);
            assertThat(server.socketFolder()).isDirectory();
            try (SocketSession session = server.session("postgres", "postgres")) {
                assertThat(session.query("SELECT current_setting('data_checksums'), current_setting('max_connections'),"
                                + " current_setting('listen_addresses'), NULL"))
                        .containsExactly(java.util.Arrays.asList("on", "20", "127.0.0.1", null));
            }
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                assertThat(socket.isConnected()).isTrue();
            }
            assertThat(server.stop(PostgresServer.Stop.FAST)).isTrue();
            assertThat(server.isAlive()).isFalse();
            assertThat(server.socketFolder()).doesNotExist();
            assertThat(server.stop(PostgresServer.Stop.IMMEDIATE)).isTrue();
        }
        assertThat(folder.resolve("postmaster.pid")).doesNotExist();
        assertThat(everyByteBelow(folder)).doesNotContain(password(cluster));
    }

    @Test
    void passwordsAreAskedForOnEveryConnectionOfANewCluster() {
        try (PostgresServer server = start(TestServers.bundled(), data, settings("scram"))) {
            assertThatThrownBy(() -> server.session("postgres", "postgres"))
                    .isInstanceOfSatisfying(BackupException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
                        assertThat(refused).hasMessageContaining("do not trust");
                    });
        }
    }

    @Test
    void aSessionTellsWhyItFailed() {
        ServerSettings settings = settings("session").withAccess("local all all trust");
        try (PostgresServer server = start(TestServers.bundled(), data, settings)) {
            assertThatThrownBy(() -> server.session("nobody-of-that-name", "postgres"))
                    .isInstanceOfSatisfying(BackupException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.APPLICATION_UNREACHABLE);
                        assertThat(refused.context()).containsEntry("sqlState", "28000");
                    });
            try (SocketSession session = server.session("postgres", "postgres")) {
                assertThatThrownBy(() -> session.query("SELECT 1 FROM no_such_table"))
                        .isInstanceOfSatisfying(BackupException.class, failed -> {
                            assertThat(failed.code()).isEqualTo(ErrorCode.APPLICATION_FAILED);
                            assertThat(failed.context()).containsEntry("sqlState", "42P01");
                            assertThat(failed.describe()).doesNotContain("no_such_table");
                        });
                assertThat(session.query("SELECT 'still usable'")).containsExactly(List.of("still usable"));
                server.stop(PostgresServer.Stop.IMMEDIATE);
                assertThatThrownBy(() -> session.query("SELECT 1")).isInstanceOf(BackupException.class);
            }
            assertThatThrownBy(() -> server.session("postgres", "postgres")).hasMessageContaining("does not answer");
        }
    }

    @Test
    void recoversAfterAnImmediateStop() {
        ServerSettings settings = settings("crash").withAccess("local all all trust");
        try (PostgresServer server = start(TestServers.bundled(), data, settings)) {
            try (SocketSession session = server.session("postgres", "postgres")) {
                session.query("CREATE TABLE kept AS SELECT 42 AS answer");
            }
            assertThat(server.stop(PostgresServer.Stop.IMMEDIATE)).isTrue();
        }

        try (PostgresServer server = start(TestServers.bundled(), data, settings);
                SocketSession session = server.session("postgres", "postgres")) {
            assertThat(session.query("SELECT answer FROM kept; DROP TABLE kept"))
                    .containsExactly(List.of("42"));
        }
    }

    @Test
    void takesAnotherPortWhenSomebodyWasFaster() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Queue<Integer> ports = new ArrayDeque<>(List.of(taken.getLocalPort(), FreePort.find()));
            int second = ports.stream().skip(1).findFirst().orElseThrow();
            Launch launch = Launch.of(TestServers.bundled(), data, settings("race"), OUTSIDE);

            try (PostgresServer server = PostgresServer.start(launch, ports::remove, soon())) {
                assertThat(server.port()).isEqualTo(second);
            }
        }
    }

    @Test
    void aFixedPortThatIsTakenIsAFailure() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServerSettings settings = settings("fixed").with("port", Integer.toString(taken.getLocalPort()));

            assertThatThrownBy(() -> start(TestServers.bundled(), data, settings))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.APPLICATION_FAILED));
        }
    }

    @Test
    void aServerThatEndsAtItsStartTellsTheClassOfItsMessage() {
        ServerSettings settings =
                settings("broken").with("recovery_target_lsn", "0/1").with("wal_level", "minimal");

        assertThatThrownBy(() -> start(TestServers.bundled(), data, settings))
                .isInstanceOfSatisfying(BackupException.class, failed -> {
                    assertThat(failed.code()).isEqualTo(ErrorCode.APPLICATION_FAILED);
                    assertThat(failed.context().get("lastMessage")).startsWith("FATAL");
                });
        assertThat(data.resolve("postmaster.pid")).doesNotExist();
    }

    @Test
    void aServerThatIsNotReadyInTimeIsNotLeftRunning() {
        ServerSettings settings = settings("late");
        Deadline past = Deadline.after(TimeSource.system(), Duration.ZERO);

        assertThatThrownBy(() -> PostgresServer.start(TestServers.bundled(), data, settings, past, OUTSIDE))
                .isInstanceOfSatisfying(
                        BackupException.class, late -> assertThat(late.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED));
        assertThat(data.resolve("postmaster.pid")).doesNotExist();
    }

    @Test
    void anInterruptedStartLeavesNothingRunning() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> start(TestServers.bundled(), data, settings("interrupted")))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            stopped -> assertThat(stopped.code()).isEqualTo(ErrorCode.CANCELLED));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void killsAServerThatDoesNotStop() throws IOException {
        var deaf = new DeafServer(FOLDER.resolve("deaf"));
        ServerSettings settings = settings("deaf").with("port", "5432");
        var outside = new Outside(TimeSource.system(), deaf);

        PostgresServer server =
                PostgresServer.start(TestServers.bundled(), deaf.dataFolder(), settings, soon(), outside);

        assertThat(server.stop(PostgresServer.Stop.FAST)).isFalse();
        assertThat(deaf.signals()).containsExactly("INT", "QUIT");
        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void toolsRunAsTheServersAccount() {
        try (PostgresServer server = start(TestServers.bundled(), data, settings("tools"))) {
            Completed status = Processes.system().run(server.command("pg_ctl", "status", "-D", data.toString()));

            assertThat(status.exitCode()).isZero();
            assertThat(status.output()).contains(Long.toString(server.pid()));
        }
    }

    @Test
    void createsNothingOverSomethingElse() throws IOException {
        Path full = Files.createDirectories(FOLDER.resolve("full"));
        Files.writeString(full.resolve("note"), "mine");
        assertThatThrownBy(() -> create(TestServers.bundled(), full))
                .isInstanceOfSatisfying(BackupException.class, failed -> {
                    assertThat(failed.code()).isEqualTo(ErrorCode.APPLICATION_FAILED);
                    assertThat(failed.context()).containsEntry("exitCode", "1");
                });

        Path file = Files.writeString(FOLDER.resolve("file"), "mine");
        assertThatThrownBy(() -> create(TestServers.bundled(), file.resolve("below")))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE));
    }

    @Test
    void settingsAddUp() {
        ServerSettings settings = settings("sum")
                .with(java.util.Map.of("work_mem", "1MB"))
                .with("work_mem", "2MB")
                .withFolder(FOLDER.path());

        assertThat(settings.parameters()).containsEntry("work_mem", "2MB");
        assertThat(settings.folders()).containsExactly(FOLDER.path());
        try (PostgresServer server = start(TestServers.bundled(), data, settings)) {
            assertThat(server.isAlive()).isTrue();
        }
    }

    private static NewCluster create(PostgresInstallation installation, Path folder) {
        NewCluster cluster = NewCluster.withRandomPassword(Entropy.system()).with("--no-sync", "--wal-segsize=1");
        PostgresServer.create(installation, folder, cluster, OUTSIDE);
        return cluster;
    }

    private static PostgresServer start(PostgresInstallation installation, Path folder, ServerSettings settings) {
        return PostgresServer.start(installation, folder, settings, soon(), OUTSIDE);
    }

    private static ServerSettings settings(String name) {
        return ServerSettings.loggingTo(FOLDER.resolve(name + ".log"))
                .with("fsync", "off")
                .with("shared_buffers", "4MB");
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(30));
    }

    private static String password(NewCluster cluster) {
        return cluster.password().use(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static String everyByteBelow(Path folder) throws IOException {
        var all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
