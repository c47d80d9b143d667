package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.documents.JsonValue;
import org.medbackup.postgres.NewCluster;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;
import org.medbackup.postgres.SocketSession;

/**
 * The site is lost, and the commands of {@code docs/runbook.md} are typed into a shell on a machine that has nothing but the
 * program, the repository and two of three shares.
 */
class RunbookTest {

    private static final int VISITS = 4711;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Outside outside = Outside.system();
    private Path folder = Path.of("unused");
    private Path lost = Path.of("unused");
    private PostgresInstallation installation;

    @BeforeEach
    void makeFolders() throws IOException {
        // The account of the database may pass, which it may not in a folder of JUnit's.
        folder = Files.createTempDirectory("medbackup-runbook-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        lost = Files.createDirectory(folder.resolve("lost"));
        installation = PostgresInstallation.bundled(folder.resolve("server"), outside.processes())
                .orElseThrow();
    }

    @AfterEach
    void removeFolders() throws IOException {
        remove(folder);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private PostgresServer started(Path data) {
        ServerSettings settings = ServerSettings.loggingTo(folder.resolve("server.log"))
                .with("fsync", "off")
                .with("shared_buffers", "8MB")
                .with("max_wal_size", "32MB");
        return PostgresServer.start(
                installation, data, settings, Deadline.after(TimeSource.system(), PATIENCE), outside);
    }

    private static String ask(PostgresServer server, String statement) {
        try (SocketSession session = server.session("postgres", "postgres")) {
            List<List<@Nullable String>> rows = session.query(statement);
            return rows.isEmpty() ? "" : String.valueOf(rows.getFirst().getFirst());
        }
    }

    /** A hospital with a database, a job and shares of its key; then all of it but the repository and the shares is gone. */
    private void liveAndLoseIt(Path repository, Path shares) throws IOException {
        NewCluster cluster = NewCluster.withRandomPassword(Entropy.system()).with("--no-sync", "--wal-segsize=1");
        Path data = folder.resolve("data");
        PostgresServer.create(installation, data, cluster, outside);
        Path rules = data.resolve("pg_hba.conf");
        Files.writeString(rules, "local all postgres trust\n" + Files.readString(rules));
        Path etc = Files.createDirectory(lost.resolve("etc"));
        Path password = Files.createFile(
                etc.resolve("database.password"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                password, cluster.password().use(bytes -> new String(bytes, StandardCharsets.US_ASCII)) + "\n");
        try (PostgresServer server = started(data)) {
            ask(server, "CREATE TABLE visits AS SELECT n AS id FROM generate_series(1, " + VISITS + ") AS n");
            Files.writeString(etc.resolve("medbackup.yaml"), """
                    repository: %s
                    applications:
                      ehr:
                        url: postgresql://postgres@127.0.0.1:%d/postgres
                        secrets: {password: "file:%s"}
                    jobs:
                      ehr: {application: ehr}
                    """.formatted(repository, server.port(), password));
            Files.writeString(etc.resolve("plan.yaml"), """
                    name: clinic
                    applications:
                      ehr: {job: ehr, objectives: {rto: 1h, rpo: 1d}}
                    """);
            Program site = Program.ofOwner(lost, repository, etc.resolve("medbackup.yaml"));
            JsonValue.Members run = site.run("run", "--json").with(0).json();
            assertThat(((JsonValue.Members) run.items("jobs").getFirst()).text("state"))
                    .isEqualTo("SUCCEEDED");
            site.run(
                            "key",
                            "export-recovery",
                            "--repo",
                            repository.toString(),
                            "--shares",
                            "2",
                            "--of",
                            "3",
                            "--output",
                            shares.toString())
                    .with(0);
        }
        remove(data);
        remove(lost);
    }

    @Test
    @Timeout(300)
    void whoHasTheLauncherTheRepositoryAndTwoOfThreeSharesGetsTheSiteAndADatabaseBackByTheRunbookAlone()
            throws Exception {
        Path repository = folder.resolve("repository");
        Path shares = folder.resolve("shares");
        liveAndLoseIt(repository, shares);
        Path machine = Files.createDirectory(folder.resolve("new machine"));
        Path recovered = folder.resolve("recovered");
        Runbook runbook = Runbook.of(
                Modules.ROOT.resolve("docs/runbook.md"),
                Map.of(
                        "REPOSITORY", repository.toString(),
                        "SHARES", shares.resolve("share-1-of-3.txt") + " " + shares.resolve("share-3-of-3.txt"),
                        "CONFIG", machine.resolve("etc/medbackup.yaml").toString(),
                        "STATE", machine.resolve("state").toString(),
                        "PLAN", machine.resolve("etc/plan.yaml").toString(),
                        "DATABASE", "ehr",
                        "RECOVERED", recovered.toString(),
                        "WORK", machine.resolve("work").toString()));
        assertThat(runbook.steps()).hasSizeGreaterThanOrEqualTo(9);

        try (var shell = new AdministratorsShell(machine)) {
            for (Runbook.Step step : runbook.steps()) {
                AdministratorsShell.Answer answer = shell.type(step.typed());
                assertThat(answer.code())
                        .as("%s%s", step.typed(), answer.output())
                        .isZero();
                assertThat(step.isPrintedBy(answer.output()))
                        .as("%sprints%n%s%nand not%n%s", step.typed(), step.prints(), answer.output())
                        .isTrue();
            }
            assertThat(shell.type("medbackup audit verify --json").output()).contains("\"valid\":true");
        }

        try (PostgresServer server =
                started(recovered.resolve(folder.resolve("data").toString().substring(1)))) {
            assertThat(ask(server, "SELECT count(*) FROM visits")).isEqualTo(Integer.toString(VISITS));
        }
    }

    /** A shell in which somebody types one block after the other. */
    private static final class AdministratorsShell implements AutoCloseable {

        private static final String END = "=== end of the step: ";

        private final Process shell;
        private final BufferedReader output;

        AdministratorsShell(Path machine) throws IOException {
            Path bin = Files.createDirectory(machine.resolve("bin"));
            Files.createSymbolicLink(bin.resolve("medbackup"), Modules.ROOT.resolve("medbackup"));
            ProcessBuilder builder =
                    new ProcessBuilder("sh").directory(machine.toFile()).redirectErrorStream(true);
            builder.environment().clear();
            builder.environment()
                    .putAll(Map.of(
                            "HOME", machine.toString(),
                            "JAVA_HOME", System.getProperty("java.home"),
                            "PATH", bin + ":" + System.getenv("PATH")));
            shell = builder.start();
            output = shell.inputReader(StandardCharsets.UTF_8);
        }

        record Answer(int code, String output) {}

        Answer type(String block) throws IOException {
            var writer = shell.outputWriter(StandardCharsets.UTF_8);
            // The first command that fails ends the step.
            writer.write("code=0\n");
            for (String line : block.lines().toList()) {
                writer.write("[ $code -eq 0 ] && { " + line + "\n} || code=$?\n");
            }
            writer.write("echo '" + END + "'$code\n");
            writer.flush();
            var said = new StringBuilder();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(END)) {
                    return new Answer(Integer.parseInt(line.substring(END.length())), said.toString());
                }
                said.append(line).append('\n');
            }
            return new Answer(-1, said.toString());
        }

        @Override
        public void close() {
            shell.destroy();
            shell.onExit().completeOnTimeout(shell, 10, TimeUnit.SECONDS).join();
            shell.destroyForcibly();
        }
    }
}
