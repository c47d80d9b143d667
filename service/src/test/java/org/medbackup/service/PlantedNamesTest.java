package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.export.AuditFormat;
import org.medbackup.audit.report.Period;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.Actor;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.testkit.TlsIdentity;

/**
 * Names of patients, their numbers and secrets are planted in paths, contents and configuration; a daemon works, fails, restores,
 * reports and exports; and none of them is found in what it logs, shows, throws, reports or keeps outside of the repository.
 */
class PlantedNamesTest {

    private static final String NAME = "Zebediah-Quixworth";
    private static final String NUMBER = "mrn88412079";
    private static final String SECRET = "pin-5590-velvet-otter";

    @TempDir
    Path temp;

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final StringBuilder thrown = new StringBuilder();
    private TlsIdentity server;
    private TlsIdentity anna;
    private MedBackup product;
    private Thread thread = new Thread();

    @BeforeEach
    void plant() throws IOException {
        Path patient = Files.createDirectories(temp.resolve("wards/" + NAME + "/" + NUMBER));
        Files.writeString(patient.resolve(NAME + ".txt"), "Patient " + NAME + ", MRN " + NUMBER);
        server = identity("server");
        anna = identity("anna");
        Path password = Files.writeString(temp.resolve("password"), SECRET);
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        Path file = Files.writeString(temp.resolve("medbackup.yaml"), """
                repository: "%1$s/home"
                password: file:%1$s/password
                targets: {second: {location: "%1$s/second-%2$s"}}
                jobs:
                  ward: {paths: ["%1$s/wards/%2$s"], copies: [second], verify: content, keep: {last: 1}, rpo: 24 h}
                  lost: {paths: ["%1$s/wards/%2$s/absent-%3$s"], rpo: 24 h, retryFor: 1 s}
                control:
                  listen: "127.0.0.1:0"
                  certificate: %4$s
                  key: %5$s
                  clients: %6$s
                  roles: {"CN=anna,O=Clinic": [operator, viewer]}
                """.formatted(
                        temp, NAME, NUMBER, server.certificate(), server.key(), anna.certificate()));
        product = MedBackup.open(Settings.of(temp.resolve("state"), new Actor("raj", "backup01", "ticket 7", "HOPERAT"))
                .with(Site.SMALL)
                .with(MedBackup.configurationFile(Map.of()).load(file), Map.of()));
        product.init(access(), null, new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
    }

    @AfterEach
    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
        product.close();
    }

    private TlsIdentity identity(String name) throws IOException {
        TlsIdentity identity =
                TlsIdentity.of(Files.createDirectories(temp.resolve("tls-" + name)), "CN=" + name + ",O=Clinic");
        Files.setPosixFilePermissions(identity.key(), PosixFilePermissions.fromString("rw-------"));
        return identity;
    }

    private RepositoryAccess access() {
        return new RepositoryAccess(
                temp.resolve("home").toString(), new CredentialSource.Password(Secret.ofText(SECRET)));
    }

    private static void await(String what, BooleanSupplier done) {
        Deadline deadline = Deadline.after(TimeSource.system(), Duration.ofSeconds(60));
        while (!done.getAsBoolean()) {
            assertThat(deadline.hasPassed()).as(what).isFalse();
            TimeSource.system().sleep(Duration.ofMillis(50));
        }
    }

    /** Remembers all that a failure tells, down to what led to it. */
    private void fails(Runnable work) {
        Throwable failure = catchThrowable(work::run);
        assertThat(failure).isNotNull();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            thrown.append(each.getMessage()).append('\n');
        }
    }

    private static void hides(String where, String said) {
        for (String planted : List.of(NAME, NUMBER, SECRET)) {
            assertThat(said.toLowerCase(Locale.ROOT)).as(where).doesNotContain(planted.toLowerCase(Locale.ROOT));
        }
    }

    private static void hidesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.toList()) {
                hides("the name " + folder.relativize(each), String.valueOf(each.getFileName()));
                if (Files.isRegularFile(each)) {
                    hides("the file " + folder.relativize(each), Files.readString(each, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    @Test
    void noneOfThemIsFoundAnywhereButInTheRepositoryAndWhereItWasAskedFor() throws Exception {
        BlockingQueue<Daemon> ready = new LinkedBlockingQueue<>();
        thread = Thread.ofPlatform().start(() -> product.serve(access(), lines, ready::add));
        Daemon daemon = ready.poll(30, TimeUnit.SECONDS);
        assertThat(daemon).isNotNull();
        String base = "https://127.0.0.1:" + daemon.control().orElseThrow().getPort();
        await(
                "a run ends",
                () -> !product.snapshots(access(), "", new TreeMap<>()).isEmpty());
        await("another fails", () -> !product.incidents().list().isEmpty());
        var shown = new StringBuilder();
        try (HttpClient client = ControlTool.client(anna, server)) {
            var tool = new ControlTool(client, base);
            for (String path : List.of(
                    "/metrics",
                    "/v1/jobs",
                    "/v1/runs",
                    "/v1/incidents",
                    "/v1/objects",
                    "/v1/approvals",
                    "/v1/forecast?hours=24",
                    "/v1/jobs/ward/restore-points",
                    "/health/ready",
                    "/v1/jobs/" + NAME)) {
                String answer = tool.get(path);
                shown.append(path.contains(NAME) ? answer.replace(NAME, "") : answer)
                        .append('\n');
            }
        }
        Path out = temp.resolve("out");
        PathBytes patient = PathBytes.of(temp.resolve("wards/" + NAME).toString());
        product.restore(access(), new RestoreOrder("latest@ward", patient, List.of(), out));
        product.verify(access(), VerifyLevel.CONTENT, 100, List.of());
        fails(() -> product.dump(access(), "latest@ward", patient, java.nio.channels.Channels.newChannel(lines)));
        fails(() -> product.forget(access(), RetentionRules.NONE, List.of("ffff"), false));
        Path exports = Files.createDirectories(temp.resolve("exports"));
        for (AuditFormat format : AuditFormat.values()) {
            product.audit().export(format, AuditOperations.Range.ALL, exports.resolve(format.name()));
        }
        Instant now = Instant.now();
        product.compliance()
                .report(new ReportOrder(
                        "hipaa",
                        new Period(now.minus(Duration.ofDays(30)), now.plus(Duration.ofDays(1))),
                        temp.resolve("report"),
                        null,
                        -1));
        thread.interrupt();
        thread.join();

        assertThat(shown).contains("medbackup_", "\"ward\"");
        hides("the control API and metrics", shown.toString());
        hides("log lines", lines.toString(StandardCharsets.UTF_8));
        hidesBelow(exports);
        hidesBelow(temp.resolve("report"));
        hidesBelow(temp.resolve("state"));
        hides("failures", thrown.toString().replace(patient.toString(), ""));
    }
}
