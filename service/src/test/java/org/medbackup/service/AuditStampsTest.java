package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.Finding;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.testkit.TimestampServer;

/** Checkpoints that a service attests, with {@code openssl} as the service. */
class AuditStampsTest {

    @TempDir
    Path temp;

    private TimestampServer server;
    private SimulatedSite site;

    @BeforeEach
    void open() {
        server = TimestampServer.start(temp.resolve("tsa"));
        site = new SimulatedSite(temp, "stamps", 13);
        site.withAudit("{timestamp: {url: \"" + server.uri() + "\", ca: \"" + server.authorities() + "\"}}");
    }

    @AfterEach
    void close() {
        if (site != null) {
            site.close();
        }
        server.close();
    }

    private List<Path> tokens() {
        Path folder = temp.resolve("state/audit/stamps");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private List<String> findings() {
        return MedBackup.verifyAudit(
                        temp.resolve("state"), "sim://stamps", site.product().configuration())
                .verification()
                .findings()
                .stream()
                .map(Finding::code)
                .map(Enum::name)
                .toList();
    }

    private List<AuditEntry> entries() {
        site.restart();
        try (var key = StateFolder.existingKey(temp.resolve("state"));
                AuditTrail trail =
                        AuditTrail.open(temp.resolve("state/audit"), key, TimeSource.system(), Entropy.system())) {
            return trail.entries(0).toList();
        }
    }

    @Test
    void theCheckpointOfAJobsEndIsAttestedAndOpensslAgrees() throws IOException {
        site.run("clinic");

        Path token = tokens().getFirst();
        assertThat(tokens()).hasSize(1);
        String size =
                String.valueOf(Long.parseLong(token.getFileName().toString().replace(".tst", "")));
        String notes = Files.readString(temp.resolve("state/audit/checkpoints"));
        String text = Stream.of(notes.split("\n\n"))
                .filter(each -> each.contains("\n" + size + "\n"))
                .findFirst()
                .orElseThrow();
        assertThat(server.holds(Files.readAllBytes(token), (text + "\n").getBytes(StandardCharsets.US_ASCII)))
                .isTrue();
        assertThat(findings()).isEmpty();
        assertThat(MedBackup.verifyAudit(temp.resolve("state")).valid()).isTrue();
    }

    @Test
    void aTokenThatWasReplacedOrHasNoCheckpointIsFound() throws IOException {
        site.run("clinic");
        Path first = tokens().getFirst();
        site.run("clinic");
        Path second = tokens().getLast();
        byte[] kept = Files.readAllBytes(first);
        Files.write(first, Files.readAllBytes(second));
        assertThat(findings()).containsExactly("BAD_TIMESTAMP");

        Files.write(first, kept);
        Files.write(first.resolveSibling("000000000001.tst"), kept);
        assertThat(findings()).containsExactly("BAD_TIMESTAMP");
        Files.delete(first.resolveSibling("000000000001.tst"));
        assertThat(findings()).isEmpty();
    }

    @Test
    void aServiceThatFailsKeepsNothingFromBeingDoneAndTheNextTokenMakesUpForIt() {
        server.answer(500);
        assertThat(site.run("clinic").state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(tokens()).isEmpty();
        server.answer(200);
        site.time.advance(Duration.ofHours(1));
        site.run("clinic");

        assertThat(tokens()).hasSize(1);
        List<AuditEntry> entries = entries();
        AuditEntry failed = entries.stream()
                .filter(each ->
                        "audit-timestamp".equals(each.action()) && each.event().equals("ended"))
                .findFirst()
                .orElseThrow();
        assertThat(failed.code()).isEqualTo("AUDIT_TIMESTAMP_FAILED");
        assertThat(tokens().getFirst().getFileName().toString()).isGreaterThan("%012d".formatted(failed.index()));
        assertThat(findings()).isEmpty();
    }
}
