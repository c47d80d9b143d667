package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.scheduler.JobView;
import org.medbackup.scheduler.RpoMonitor;
import org.medbackup.scheduler.state.Catalogue;
import org.medbackup.scheduler.state.CataloguedPoint;
import org.medbackup.scheduler.state.Drilled;
import org.medbackup.scheduler.state.RunState;
import org.medbackup.testkit.TlsIdentity;

/** The daemon does the jobs of its configuration by itself, and tools look at it and steer it. */
class DaemonTest {

    private static final String PASSWORD = "correct horse";

    @TempDir
    Path temp;

    private Path file = Path.of("medbackup.yaml");
    private @Nullable MedBackup opened;
    private Thread thread = new Thread();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final BlockingQueue<Daemon> ready = new LinkedBlockingQueue<>();
    private final BlockingQueue<RuntimeException> failed = new LinkedBlockingQueue<>();

    @BeforeEach
    void fill() throws IOException {
        file = temp.resolve("medbackup.yaml");
        Files.createDirectories(temp.resolve("source"));
        Files.writeString(temp.resolve("source/letter.txt"), "Dear colleague");
        Files.writeString(temp.resolve("password"), PASSWORD);
        Files.setPosixFilePermissions(
                temp.resolve("password"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    }

    @AfterEach
    void end() throws InterruptedException {
        stop();
        if (opened != null) {
            opened.close();
        }
    }

    private MedBackup product() {
        return Objects.requireNonNull(opened, "it was not opened");
    }

    private void stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    private void configure(String more) throws IOException {
        Path draft = temp.resolve("draft");
        Files.writeString(
                draft,
                "repository: " + temp.resolve("repository") + "\npassword: file:" + temp.resolve("password") + "\n"
                        + more);
        Files.move(draft, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private RepositoryAccess access() {
        return new RepositoryAccess(
                temp.resolve("repository").toString(), new CredentialSource.Password(Secret.ofText(PASSWORD)));
    }

    private Daemon serve(String more) throws IOException, InterruptedException {
        configure(more);
        Settings settings = Settings.of(temp.resolve("state"), new Actor("daemon", "host-1", null, null))
                .with(Site.SMALL)
                .with(MedBackup.configurationFile(Map.of()).load(file), Map.of());
        opened = MedBackup.open(settings);
        product()
                .init(
                        access(),
                        null,
                        new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
        return start();
    }

    private Daemon start() throws InterruptedException {
        MedBackup served = product();
        thread = Thread.ofPlatform().start(() -> {
            try {
                served.serve(access(), lines, ready::add);
            } catch (RuntimeException ended) {
                failed.add(ended);
            }
        });
        Daemon daemon = ready.poll(30, TimeUnit.SECONDS);
        if (daemon == null) {
            throw new AssertionError("it does not start: " + failed);
        }
        return daemon;
    }

    private static void await(String what, BooleanSupplier done) {
        Deadline deadline = Deadline.after(TimeSource.system(), Duration.ofSeconds(60));
        while (!done.getAsBoolean()) {
            assertThat(deadline.hasPassed()).as(what).isFalse();
            TimeSource.system().sleep(Duration.ofMillis(50));
        }
    }

    private boolean isDone(String job) {
        return product().schedule().status(job).lastState() == RunState.SUCCEEDED;
    }

    private String log() {
        return lines.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aJobWithAnObjectiveRunsByItselfAndIsShown() throws Exception {
        Daemon daemon = serve("""
                jobs:
                  ward: {paths: ["%s/source"], rpo: 24 h}
                  by-hand: {paths: ["%s/source"]}
                """.formatted(temp, temp));

        await("it runs", () -> isDone("ward"));

        JobView ward = product().schedule().list().getFirst();
        assertThat(product().schedule().list()).hasSize(1);
        assertThat(ward.lastGood()).isNotNull();
        assertThat(ward.rpo()).isEqualTo(Duration.ofHours(24));
        assertThat(daemon.health().ready()).isTrue();
        assertThat(daemon.control()).isEmpty();
        await("it is logged", () -> log().contains("\"action\":\"job\""));
        assertThat(log())
                .contains("\"job\":\"ward\"")
                .doesNotContain(temp.resolve("source").toString());
        assertThat(product().snapshots(access(), "", new java.util.TreeMap<>()))
                .as("what was backed up, and the site")
                .extracting(each -> each.snapshot().isOfSite())
                .containsExactly(false, true);
        assertThat(temp.resolve("state/catalogue.db")).exists();
    }

    @Test
    void aJobThatIsPausedDoesNotRunUntilItIsResumed() throws Exception {
        serve("jobs: {ward: {paths: [\"%s/source\"], schedule: {at: [\"03:00\"], days: [SUN], monthDays: [31]}}}"
                .formatted(temp));
        product().schedule().pause("ward");

        assertThat(product().schedule().status("ward").paused()).isTrue();
        assertThat(product().schedule().resume("ward").paused()).isFalse();
        assertThat(product().schedule().cancel("ward").open()).isNull();
        Site.failure(ErrorCode.JOB_NOT_CONFIGURED, () -> product().schedule().status("absent"));
    }

    @Test
    void aChangedConfigurationIsTakenUpAndAWrongOneChangesNothing() throws Exception {
        Daemon daemon = serve("jobs: {ward: {paths: [\"%s/source\"], rpo: 24 h}}".formatted(temp));
        await("it runs", () -> isDone("ward"));

        configure("jobs: {ward: {paths: [\"%1$s/source\"], rpo: 24 h}, clinic: {paths: [\"%1$s/source\"], rpo: 12 h}}"
                .formatted(temp));
        await("the new job runs", () -> product().configuration().jobs().size() == 2 && isDone("clinic"));
        configure("jobs: {ward: {pahts: [/srv]}}");
        await("it is said", () -> !daemon.health().findings().isEmpty());

        assertThat(daemon.health().findings().getFirst().code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
        assertThat(daemon.health().ready()).as("what held before goes on").isTrue();
        assertThat(product().configuration().jobs()).hasSize(2);
        configure("jobs: {ward: {paths: [\"%s/source\"], rpo: 24 h}}".formatted(temp));
        assertThat(daemon.reload()).isTrue();
        assertThat(daemon.health().findings()).isEmpty();
    }

    @Test
    void aToolStartsAJobFollowsItAndTakesCareOfIncidents() throws Exception {
        TlsIdentity server = TlsIdentity.of(temp.resolve("server"), "CN=server");
        TlsIdentity anna = TlsIdentity.of(temp.resolve("anna"), "CN=anna");
        Files.setPosixFilePermissions(
                server.key(), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        Daemon daemon = serve("""
                jobs:
                  ward: {paths: ["%1$s/source"], rpo: 24 h, verify: structure}
                  absent: {paths: ["%1$s/absent"], rpo: 24 h, retryFor: 1 s}
                control:
                  listen: "127.0.0.1:0"
                  certificate: %2$s
                  key: %3$s
                  clients: %4$s
                  roles: {"CN=anna": [operator, viewer]}
                """.formatted(temp, server.certificate(), server.key(), anna.certificate()));
        InetSocketAddress address = daemon.control().orElseThrow();
        String base = "https://127.0.0.1:" + address.getPort();
        await("it has run", () -> isDone("ward"));
        await("it has failed", () -> !product().incidents().list().isEmpty());

        List<String> asked = new java.util.ArrayList<>();
        try (HttpClient client = ControlTool.client(anna, server)) {
            var tool = new ControlTool(client, base);
            assertThat(tool.get("/v1/jobs")).contains("\"ward\"", "\"met\":true");
            assertThat(tool.get("/v1/jobs/ward")).contains("\"SUCCEEDED\"");
            String started = tool.post("/v1/jobs/ward:start", "{}", "ticket-4711");
            String id = started.replaceAll("(?s).*\"id\":\"([0-9a-f]{32})\".*", "$1");
            asked.add(id);
            assertThat(tool.post("/v1/jobs/ward:start", "{}", "ticket-4711")).contains(id);
            assertThat(tool.post("/v1/jobs/absent:start", "{}", "ticket-4711")).contains("CONTROL_CONFLICT");
            await("its run is over", () -> tool.get("/v1/runs/" + id).contains("\"SUCCEEDED\""));
            assertThat(tool.get("/v1/runs/" + id + "/events")).contains("id: 1", "\"phase\":\"job\"", "event: end");
            assertThat(tool.get("/v1/runs?job=ward&limit=1")).contains("\"next\":\"");
            assertThat(tool.get("/v1/runs?job=ward&limit=1&cursor=" + id)).contains("\"runs\":[{");
            assertThat(tool.get("/v1/runs?cursor=nothing")).contains("CONTROL_REQUEST_INVALID");
            assertThat(tool.get("/v1/runs/" + "0".repeat(32))).contains("RUN_NOT_FOUND");
            assertThat(tool.get("/v1/runs?state=FAILED&limit=500")).contains("SOURCE_NOT_FOUND");
            assertThat(tool.post("/v1/runs/" + id + ":cancel", "{}", "")).contains("CONTROL_CONFLICT");
            assertThat(tool.post("/v1/jobs/ward:cancel", "{}", "")).contains("CONTROL_CONFLICT");
            assertThat(tool.post("/v1/jobs/ward:pause", "{}", "")).contains("\"paused\":true");
            assertThat(tool.post("/v1/jobs/ward:resume", "{}", "")).contains("\"paused\":false");
            assertThat(tool.get("/v1/forecast?hours=24")).contains("\"ward\"");
            await(
                    "its proof is read from the repository",
                    () -> tool.get("/v1/objects").matches("(?s).*\"name\":\"ward\"[^{}]*\"lastVerified\":\"2.*"));
            assertThat(tool.get("/v1/objects")).contains("\"copiesMissing\":0");
            String incident = product().incidents().list().getFirst().id();
            assertThat(tool.get("/v1/incidents")).contains(incident);
            assertThat(tool.post("/v1/incidents/" + incident + ":ack", "{\"seconds\":3600,\"note\":\"known\"}", ""))
                    .contains("ACKNOWLEDGED");
            assertThat(tool.get("/metrics")).contains("medbackup_last_success_timestamp_seconds{job_name=\"ward\"}");
            assertThat(tool.get("/health/ready")).contains("\"ready\":true");
        }
        stop();
        assertThat(product().verifyAudit().valid()).isTrue();
        assertThat(log()).contains("control-startJob", "CN=anna");

        Daemon next = start();
        try (HttpClient client = ControlTool.client(anna, server)) {
            int port = next.control().orElseThrow().getPort();
            var tool = new ControlTool(client, "https://127.0.0.1:" + port);
            String again = tool.post("/v1/jobs/ward:start", "{}", "ticket-4711");
            assertThat(again).as("what was asked for before the restart").contains(asked.getFirst());
            assertThat(tool.get("/v1/runs/" + asked.getFirst())).containsPattern("\"snapshot\":\"[0-9a-f]{32}\"");
        }
    }

    @Test
    void restorePointsThatSomebodyDeletedProtectNothingAnyMoreAndTheJobMakesAnother() throws Exception {
        serve("jobs: {ward: {paths: [\"%s/source\"], rpo: 24 h}}".formatted(temp));
        await("it runs", () -> isDone("ward"));
        await("it is read", () -> !product().catalogue().list("").read().isEmpty());
        List<CataloguedPoint> before = product().catalogue().list("ward").points();
        assertThat(before).hasSize(1);

        for (String folder : List.of("repository/s", "repository/c")) {
            try (Stream<Path> files = Files.walk(temp.resolve(folder))) {
                for (Path each : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(each);
                }
            }
        }
        assertThat(product().catalogue().rebuild(access()))
                .extracting(CatalogueOperations.Rebuilt::change)
                .containsExactly(
                        new Catalogue.Change(0, 0, Set.of(before.getFirst().snapshot())));

        await("another one is there", () -> {
            List<CataloguedPoint> points = product().catalogue().list("ward").points();
            return points.size() == 1
                    && !points.getFirst().snapshot().equals(before.getFirst().snapshot());
        });
    }

    @Test
    void aStateThatWasLostKnowsFromTheRepositoryWhatIsProtected() throws Exception {
        serve("jobs: {ward: {paths: [\"%s/source\"], rpo: 24 h, schedule: {at: [\"03:00\"], monthDays: [31]}}}"
                .formatted(temp));
        product().jobs().run(access(), List.of("ward"));
        stop();
        for (String name : List.of("catalogue.db", "catalogue.db-wal", "catalogue.db-shm")) {
            Files.deleteIfExists(temp.resolve("state").resolve(name));
        }

        start();

        await("it is read", () -> product().schedule().status("ward").lastGood() != null);
        assertThat(product().schedule().status("ward").level()).isEqualTo(RpoMonitor.Level.MET);
    }

    /** A management tool. */
    @Test
    void aDaemonThatCannotListenSaysSoAndLeavesNothingBehind() throws Exception {
        configure("""
                jobs: {ward: {paths: ["%1$s/source"], rpo: 24 h}}
                control: {listen: "192.0.2.1:7443"}
                """.formatted(temp));
        opened = MedBackup.open(Settings.of(temp.resolve("state"), new Actor("daemon", "host-1", null, null))
                .with(Site.SMALL)
                .with(MedBackup.configurationFile(Map.of()).load(file), Map.of()));

        Site.failure(ErrorCode.CONTROL_INVALID, () -> product().serve(access(), lines, ready::add));
        assertThat(product().schedule().list()).extracting(JobView::name).isEqualTo(List.of("ward"));
    }

    private String plan(String name, String envelope) throws IOException {
        Path plan = temp.resolve(name + ".yaml");
        Files.writeString(plan, """
                name: %s
                envelope: {%s}
                applications:
                  letters: {job: ward, objectives: {rto: 1h}}
                """.formatted(name, envelope));
        return plan.toString();
    }

    @Test
    void aDrillRunsByItselfAndItsResultIsKeptAndShown() throws Exception {
        serve("""
                jobs: {ward: {paths: ["%1$s/source"], rpo: 24 h}}
                drills:
                  often:
                    plan: %2$s
                    scratch: %1$s/scratch
                    schedule: {every: 2 s}
                    every: 3 s
                    points: random
                    report: %1$s/evidence
                """.formatted(temp, plan("letters", "parallel: 1")));
        await("its job runs", () -> isDone("ward"));

        await(
                "it is rehearsed",
                () -> product().configuredDrills().status().stream().anyMatch(each -> each.good() != null));

        DrillStatus status = product().configuredDrills().status().getFirst();
        assertThat(status.drill()).isEqualTo("often");
        assertThat(status.plan()).isEqualTo("letters");
        assertThat(status.application()).isEqualTo("letters");
        assertThat(Objects.requireNonNull(status.last()).snapshot()).matches("[0-9a-f]{32}");
        assertThat(temp.resolve("evidence")).isDirectoryContaining("glob:**/drill-*.json");
        await("it is logged", () -> log().contains("\"action\":\"drill\""));
        stop();
        assertThat(temp.resolve("scratch")).isEmptyDirectory();
        assertThat(product().configuredDrills().status().getFirst().good())
                .as("it is known after the end")
                .isNotNull();
        assertThat(product().verifyAudit().valid()).isTrue();
    }

    @Test
    void aDrillThatRunsIsEndedWithTheDaemonAndLeavesNothing() throws Exception {
        byte[] noise = new byte[8 << 20];
        new java.util.Random(3).nextBytes(noise);
        Files.write(temp.resolve("source/image"), noise);
        serve("""
                jobs: {ward: {paths: ["%1$s/source"], rpo: 24 h}}
                drills:
                  slow: {plan: %2$s, scratch: %1$s/scratch, schedule: {every: 2 s}, every: 3 s}
                """.formatted(temp, plan("slow", "parallel: 1, write: 128KiB/s")));
        await("it restores", () -> {
            try (Stream<Path> files = Files.list(Files.createDirectories(temp.resolve("scratch")))) {
                return files.anyMatch(each -> each.getFileName().toString().startsWith("medbackup-drill-"));
            } catch (IOException later) {
                return false;
            }
        });

        stop();

        assertThat(failed).isEmpty();
        assertThat(temp.resolve("scratch")).isEmptyDirectory();
        DrillStatus status = product().configuredDrills().status().getFirst();
        assertThat(Objects.requireNonNull(status.last()).outcome()).isEqualTo(Drilled.Outcome.INCONCLUSIVE);
        assertThat(status.good()).isNull();
        assertThat(product().verifyAudit().valid()).isTrue();
    }
}
