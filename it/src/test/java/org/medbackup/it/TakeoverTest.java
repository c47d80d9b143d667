package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.documents.JsonValue;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.postgres.NewCluster;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;

/** Two daemons share their schedule in one PostgreSQL; what one of them leaves undone the other one does. */
class TakeoverTest {

    private static final TimeSource TIME = TimeSource.system();

    @TempDir
    Path temp;

    private Path folder;
    private Path source;
    private PostgresServer server;

    @BeforeEach
    void begin() throws IOException {
        // PostgreSQL does not run as root, and its account has to get there.
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwx--x--x"));
        folder = Files.createDirectory(temp.resolve("work"));
        source = folder.resolve("source");
        Papers.write(source.resolve("papers"), 1, 250);
        try (var product = new Product(folder)) {
            product.init(folder.resolve("writer.key"));
        }
        Files.writeString(folder.resolve("password"), Program.PASSWORD);
        Files.setPosixFilePermissions(folder.resolve("password"), PosixFilePermissions.fromString("rw-------"));
        PostgresInstallation installation = PostgresInstallation.bundled(temp.resolve("postgres"), Processes.system())
                .orElseThrow();
        Path cluster = temp.resolve("cluster");
        try (Secret password = Secret.ofText(Program.PASSWORD)) {
            PostgresServer.create(
                    installation,
                    cluster,
                    new NewCluster("postgres", password, List.of("--no-sync", "--wal-segsize=1")),
                    Outside.system());
        }
        server = PostgresServer.start(
                installation,
                cluster,
                ServerSettings.loggingTo(temp.resolve("log")).with("fsync", "off"),
                Deadline.after(TIME, Duration.ofSeconds(60)),
                Outside.system());
    }

    @AfterEach
    void end() {
        server.stop(PostgresServer.Stop.IMMEDIATE);
    }

    /** Writes a daemon's configuration, which a running one follows; {@code reads} is what it may read in a second. */
    private Program worker(String name, String reads) throws IOException {
        Path config = folder.resolve(name + ".yaml");
        Files.writeString(config, """
                repository: %1$s/repository
                password: file:%1$s/password
                scheduler:
                  database: jdbc:postgresql://127.0.0.1:%2$d/postgres
                  user: postgres
                  password: file:%1$s/password
                  worker: %3$s
                governor:
                  limits: {disk.read: %4$s}
                jobs:
                  papers: {paths: ["%1$s/source"], rpo: 24 h}
                """.formatted(folder, server.port(), name, reads));
        return new Program(folder)
                .without("MEDBACKUP_REPO")
                .without("MEDBACKUP_PASSWORD")
                .with("MEDBACKUP_CONFIG", config.toString())
                .with("MEDBACKUP_STATE", folder.resolve("state-" + name).toString());
    }

    private static void await(String what, Program.Running running, java.util.function.BooleanSupplier done) {
        Deadline deadline = Deadline.after(TIME, Duration.ofSeconds(90));
        while (!done.getAsBoolean()) {
            assertThat(running.process().isAlive()).as(what).isTrue();
            assertThat(deadline.hasPassed()).as(what).isFalse();
            TIME.sleep(Duration.ofMillis(20));
        }
    }

    private static boolean has(Path log, String text) {
        try {
            return Files.readString(log).contains(text);
        } catch (IOException notYet) {
            return false;
        }
    }

    @Test
    void aWorkerThatIsSuspendedForLongerThanItsLeaseAndWakesUpMakesNoSecondRestorePoint() throws IOException {
        Program.Running first = worker("first", "20MB/s").start("serve");
        await("the first one has sent something", first, () -> !Papers.isEmpty(folder.resolve("repository/d")));
        worker("first", "500kB/s");
        Program.Running second = worker("second", "1GB/s").start("serve");
        try {
            await("the second one is ready", second, () -> has(second.err(), "ready"));
            first.signal("STOP");
            await("the second one takes over", second, () -> has(second.err(), "\"job\":\"papers\""));
            await("the second one is done", second, () -> has(second.err(), "\"state\":\"SUCCEEDED\""));
            assertThat(has(first.err(), "\"commit\""))
                    .as("it was suspended before its commit")
                    .isFalse();

            first.signal("CONT");
            worker("first", "1GB/s");
            await("the first one ends what is not its own", first, () -> has(first.err(), "\"CANCELLED\""));

            try (var product = new Product(folder)) {
                assertThat(product.restorePoints()).hasSize(1);
                assertThat(product.verify(VerifyLevel.CONTENT).damaged()).isEmpty();
            }
            assertThat(has(first.err(), "\"state\":\"SUCCEEDED\"")).isFalse();
        } finally {
            try {
                first.signal("CONT");
                first.signal("TERM");
                first.end();
            } finally {
                second.signal("TERM");
                second.end();
            }
        }
    }

    private static JsonValue.Members job(Program program) {
        return (JsonValue.Members) program.run("job", "status", "papers", "--json")
                .with(0)
                .json()
                .items("jobs")
                .getFirst();
    }

    /** The worker that has the run; empty where none has. */
    private String holder() {
        String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres";
        try (Connection connection = DriverManager.getConnection(url, "postgres", Program.PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT worker FROM runs WHERE state <> 'PENDING'")) {
            return row.next() ? row.getString(1) : "";
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void whatAKilledWorkerWasDoingIsDoneByTheOtherAndItsRestorePointAppearsOnce() throws IOException {
        Program.Running first = worker("first", "20MB/s").start("serve");
        await("the first one has sent something", first, () -> !Papers.isEmpty(folder.resolve("repository/d")));
        // However long the second one takes to start, the first one is then still in the middle of its work.
        worker("first", "500kB/s");
        Program.Running second = worker("second", "1GB/s").start("serve");
        try {
            await("the second one is ready", second, () -> has(second.err(), "ready"));
            boolean done = has(first.err(), "\"commit\"");
            first.process().destroyForcibly();
            long killed = TIME.nanos();
            first.end();
            assertThat(done).as("it was killed before its commit").isFalse();

            // By the state itself: what the second one then logs waits for the disk, which other tests use too.
            await("the second one takes over", second, () -> holder().startsWith("second"));
            Duration taken = TIME.since(killed);
            await("the second one is done", second, () -> has(second.err(), "\"state\":\"SUCCEEDED\""));

            assertThat(taken).isLessThan(Duration.ofSeconds(5));
            try (var product = new Product(folder)) {
                Set<String> points = product.restorePoints();
                assertThat(points).hasSize(1);
                Path target = temp.resolve("restored");
                assertThat(product.restore(points.iterator().next(), source, target)
                                .failures())
                        .isEmpty();
                assertThat(product.verify(VerifyLevel.CONTENT).damaged()).isEmpty();
            }
            JsonValue.Members job = job(worker("looker", "1GB/s"));
            assertThat(job.members("last").text("state")).isEqualTo("SUCCEEDED");
            assertThat(((JsonValue.Members) job.find("rpo").orElseThrow()).find("met"))
                    .contains(new JsonValue.Truth(true));
        } finally {
            second.signal("TERM");
            second.end();
        }
    }
}
