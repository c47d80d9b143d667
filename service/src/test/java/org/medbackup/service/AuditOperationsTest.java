package org.medbackup.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.export.AuditFormat;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.service.AuditOperations.Exported;
import org.medbackup.service.AuditOperations.Range;

/** The audit trail, told to others. */
class AuditOperationsTest {

    @TempDir
    Path temp;

    private Site site;

    @BeforeEach
    void backUp() {
        site = new Site(temp);
        site.write("Canaryson-1970.txt", "seen at noon");
        site.initialised();
        site.backup();
    }

    private List<String> lines(AuditFormat format, Range range) {
        var out = new ByteArrayOutputStream();
        site.product.audit().export(format, range, out);
        return out.toString(UTF_8).lines().toList();
    }

    @Test
    void everyEntryIsALineInEveryFormat() {
        for (AuditFormat format : AuditFormat.values()) {
            long before = site.product.auditHead().size();
            List<String> lines = lines(format, Range.ALL);
            assertThat(lines).as(format.word()).hasSize((int) before + 1).doesNotHaveDuplicates();
            assertThat(lines).noneMatch(each -> each.contains("Canaryson") || each.contains(temp.toString()));
        }
    }

    @Test
    void aLineOfRecordsHasTheHashOfItsLeaf() {
        List<String> lines = lines(AuditFormat.JSONL, Range.ALL);
        for (AuditEntry each : site.audit().subList(0, lines.size())) {
            JsonValue.Members read = Json.parseMembers(lines.get((int) each.index()));
            assertThat(read.text("leaf")).isEqualTo(each.leaf().toString());
            assertThat(Json.canonical(read.members("record"))).isEqualTo(each.record());
        }
    }

    @Test
    void thatItWasReadStandsInIt() throws Exception {
        var out = new ByteArrayOutputStream();
        Exported exported = site.product.audit().export(AuditFormat.CEF, Range.ALL, out);
        List<AuditEntry> entries = site.audit();
        AuditEntry ended = entries.getLast();
        assertThat(ended.action()).isEqualTo("audit-export");
        assertThat(ended.outcome()).isEqualTo("SUCCESS");
        assertThat(ended.facts())
                .containsEntry("entries", Long.toString(exported.entries()))
                .containsEntry("sha256", exported.sha256());
        assertThat(exported.sha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(out.toByteArray())));
        assertThat(exported.bytes()).isEqualTo(out.size());
        assertThat(exported.first()).isZero();
        assertThat(exported.last()).isEqualTo(exported.entries() - 1);
        AuditEntry started = entries.get(entries.size() - 2);
        assertThat(started.facts()).containsEntry("format", "cef");
    }

    @Test
    void onlyWhatIsAskedForIsTold() {
        List<Instant> times = lines(AuditFormat.JSONL, Range.ALL).stream()
                .map(each ->
                        Instant.parse(Json.parseMembers(each).members("record").text("ts")))
                .toList();
        Exported none = site.product
                .audit()
                .export(AuditFormat.FHIR, new Range(null, times.getFirst()), new ByteArrayOutputStream());
        assertThat(none.entries()).isZero();
        assertThat(none.first()).isNegative();
        Instant middle = times.get(times.size() / 2);
        List<String> rest = lines(AuditFormat.CEF, new Range(middle, times.getLast()));
        assertThat(rest)
                .hasSize((int) times.stream()
                        .filter(each -> !each.isBefore(middle) && each.isBefore(times.getLast()))
                        .count())
                // What belongs to an operation says who does it, although its beginning is not told.
                .allMatch(each -> each.contains(" suser=j.doe "));
        Site.failure(ErrorCode.USAGE, () -> new Range(middle, middle));
    }

    @Test
    void aFileIsForItsOwnerAndIsThereWhole() throws IOException {
        Path file = temp.resolve("export.ndjson");
        Exported exported = site.product.audit().export(AuditFormat.FHIR, Range.ALL, file);
        assertThat(Files.readAllLines(file)).hasSize((int) exported.entries());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Site.failure(ErrorCode.TARGET_UNUSABLE, () -> site.product.audit().export(AuditFormat.FHIR, Range.ALL, file));
        Site.failure(
                ErrorCode.TARGET_UNUSABLE,
                () -> site.product.audit().export(AuditFormat.FHIR, Range.ALL, temp.resolve("no/such")));
        assertThat(Files.readAllLines(file)).hasSize((int) exported.entries());
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left.map(each -> each.getFileName().toString())).noneMatch(each -> each.startsWith(".audit"));
        }
        assertThat(site.audit().get((int) exported.last()).veiled()).containsKey("output");
    }

    @Test
    void anOutputThatIsClosedIsNoSuccess() {
        var closed = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException("closed");
            }
        };
        Site.failure(
                ErrorCode.TARGET_UNUSABLE, () -> site.product.audit().export(AuditFormat.JSONL, Range.ALL, closed));
        Site.failure(
                ErrorCode.TARGET_UNUSABLE,
                () -> site.product.audit().export(AuditFormat.JSONL, Range.ALL, new PrintStream(closed)));
        assertThat(site.audit().getLast().code()).isEqualTo("TARGET_UNUSABLE");
    }
}
