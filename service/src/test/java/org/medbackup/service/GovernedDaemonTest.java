package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.access.Approval;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.engine.RetentionRules;
import org.medbackup.testkit.TlsIdentity;

/** One administrator alone gives up nothing through a daemon and its control API either. */
class GovernedDaemonTest {

    @TempDir
    Path temp;

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private Clinic clinic;
    private TlsIdentity server;
    private TlsIdentity anna;
    private TlsIdentity bert;
    private Thread thread = new Thread();

    @BeforeEach
    void govern() throws IOException {
        clinic = new Clinic(temp);
        server = identity("server");
        anna = identity("anna");
        bert = identity("bert");
        clinic.govern();
        Path clients = temp.resolve("clients.pem");
        Files.writeString(clients, Files.readString(anna.certificate()) + Files.readString(bert.certificate()));
        Files.createDirectories(temp.resolve("ward"));
        clinic.configure("""
                repository: "%1$s/home"
                jobs:
                  ward: {paths: ["%1$s/ward"], keep: {last: 1}, schedule: {at: ["03:00"], monthDays: [31]}}
                control:
                  listen: "127.0.0.1:0"
                  certificate: %2$s
                  key: %3$s
                  clients: %4$s
                  roles: {"CN=anna,O=Clinic": [operator, approver], "CN=bert,O=Clinic": [operator, approver]}
                """.formatted(temp, server.certificate(), server.key(), clients));
    }

    @AfterEach
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
        clinic.close();
    }

    private TlsIdentity identity(String name) throws IOException {
        TlsIdentity identity =
                TlsIdentity.of(Files.createDirectories(temp.resolve("tls-" + name)), "CN=" + name + ",O=Clinic");
        Files.setPosixFilePermissions(identity.key(), PosixFilePermissions.fromString("rw-------"));
        return identity;
    }

    private static void await(String what, BooleanSupplier done) {
        Deadline deadline = Deadline.after(TimeSource.system(), Duration.ofSeconds(60));
        while (!done.getAsBoolean()) {
            assertThat(deadline.hasPassed()).as(what).isFalse();
            TimeSource.system().sleep(Duration.ofMillis(50));
        }
    }

    private String serve() throws InterruptedException {
        BlockingQueue<Daemon> ready = new LinkedBlockingQueue<>();
        MedBackup product = clinic.as("nightly");
        thread = Thread.ofPlatform().start(() -> product.serve(clinic.access, lines, ready::add));
        Daemon daemon = ready.poll(30, TimeUnit.SECONDS);
        assertThat(daemon).as("it starts").isNotNull();
        return "https://127.0.0.1:" + daemon.control().orElseThrow().getPort();
    }

    private long points() {
        return clinic.as("anna").snapshots(clinic.access, "", new java.util.TreeMap<>()).stream()
                .filter(each -> !each.snapshot().isOfSite())
                .count();
    }

    @Test
    void noCallGivesUpARestorePointAndAJobThatKeepsTooLittleKeepsAll() throws Exception {
        clinic.backup("one");
        String address = serve();
        try (HttpClient client = ControlTool.client(anna, server)) {
            var tool = new ControlTool(client, address);
            for (int run = 1; run <= 2; run++) {
                clinic.backup("content " + run);
                String started = tool.post("/v1/jobs/ward:start", "{}", "ticket-run-" + run);
                String id = started.replaceAll("(?s).*\"id\":\"([0-9a-f]{32})\".*", "$1");
                await("its run is over", () -> tool.get("/v1/runs/" + id).contains("\"ended\":\"2"));
                if (run == 2) {
                    assertThat(tool.get("/v1/runs/" + id)).contains("APPROVAL_NEEDED");
                }
            }
            assertThat(points()).as("three backups by hand, two by the job").isEqualTo(5);
            assertThat(tool.post("/v1/jobs/ward/restore-points", "{}", "")).contains("\"status\":405");
        }
    }

    @Test
    void whoeverTheRulesDoNotNameDoesNothingWhateverTheConfigurationSays() throws Exception {
        String address = serve();
        try (HttpClient client = ControlTool.client(bert, server)) {
            var tool = new ControlTool(client, address);
            assertThat(tool.post("/v1/jobs/ward:pause", "{}", "")).contains("ACCESS_DENIED");
            assertThat(tool.post("/v1/jobs/ward:start", "{}", "ticket-4711")).contains("ACCESS_DENIED");
        }
        assertThat(clinic.as("anna").schedule().status("ward").paused()).isFalse();
        assertThat(lines.toString(StandardCharsets.UTF_8)).contains("control-pauseJob", "CN=bert,O=Clinic");
    }

    @Test
    void approversSignOverTheApiAndNobodySignsHisOwnRequest() throws Exception {
        String first = clinic.backup("one");
        clinic.backup("two");
        Approval made = clinic.as("anna")
                .access()
                .request(() -> clinic.as("anna").forget(clinic.access, RetentionRules.NONE, List.of(first), false))
                .approval();
        String address = serve();
        String sign = "/v1/approvals/" + made.request().id() + ":sign";
        try (HttpClient hers = ControlTool.client(anna, server);
                HttpClient his = ControlTool.client(bert, server)) {
            var annas = new ControlTool(hers, address);
            var berts = new ControlTool(his, address);
            assertThat(annas.get("/v1/approvals"))
                    .contains(made.request().id(), "\"state\":\"PENDING\"", "\"quorum\":2");
            assertThat(annas.post(sign, signature(made, "anna"), "")).contains("APPROVAL_REFUSED");
            assertThat(berts.post(sign, signature(made, "eve"), "")).contains("APPROVAL_REFUSED");
            assertThat(berts.post(sign, signature(made, "bert"), "")).contains("\"approvers\":[\"bert\"]");
            assertThat(berts.post(sign, signature(made, "bert"), "")).contains("\"state\":\"PENDING\"");
            assertThat(berts.post(sign, signature(made, "cora"), "")).contains("\"state\":\"COOLING\"");
        }
        clinic.wait(Duration.ofHours(25));
        assertThat(clinic.as("anna")
                        .forget(clinic.access, RetentionRules.NONE, List.of(first), false)
                        .removed())
                .containsExactly(first);
    }

    /** Made where the key is: the daemon never sees it. */
    private String signature(Approval approval, String person) {
        Approval.Signature made =
                Approval.Signature.of(approval.request(), SignedFiles.key(clinic.key(person), java.util.Map.of()));
        return "{\"key\":\"" + made.key() + "\",\"signature\":\"" + made.signature() + "\"}";
    }
}
