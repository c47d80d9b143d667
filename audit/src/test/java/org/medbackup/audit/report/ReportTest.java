package org.medbackup.audit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.AuditProof;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.report.ReportVerification.Code;
import org.medbackup.audit.report.ReportVerification.Finding;
import org.medbackup.core.Secret;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

/** One report for machines and for people, and what is found where somebody changes it. */
class ReportTest {

    private static final Period YEAR = Period.parse("2026-01-01/2026-12-31");
    private static final Profile PROFILE = Profile.of("hipaa");

    @TempDir
    Path temp;

    private final Secret hostKey = Secret.ofText("the key of a host under test, 32");

    @SuppressWarnings("NullAway.Init") // each test begins with one
    private AuditTrail audit;

    @BeforeEach
    void work() {
        var time = new ManualTime();
        var entropy = new SeededEntropy(7);
        audit = AuditTrail.open(temp.resolve("audit"), hostKey, time, entropy);
        for (int i = 0; i < 5; i++) {
            var log = OperationLog.open(time, entropy, audit, "backup", new Actor("a", "h", null, null), Facts.NONE);
            time.advance(Duration.ofHours(1));
            log.ended(Outcome.SUCCESS, null, Facts.NONE);
        }
    }

    @AfterEach
    void close() {
        try (hostKey) {
            audit.close();
        }
    }

    private Members document(Map<String, Measure> measures) {
        AuditProof signed = audit.prove(List.of(), 9);
        var basis = new Basis(
                YEAR,
                audit.key().head(signed.checkpoint()).orElseThrow(),
                YEAR.from().plusSeconds(9),
                audit.key().toString(),
                9,
                4,
                YEAR.from(),
                5,
                "medbackup test");
        Statements statements = Objects.requireNonNull(Statements.read("""
                        entity: "=Hospital, \\"North\\""
                        alternatives:
                          - {control: 164.312(e)(2)(i), alternative: A line, reason: A cause, owner: Anne, expires: 2027-12-31}
                        """).statements());
        var sections = List.of(new Section(
                "inventory",
                "Inventory",
                List.of("Words of it."),
                List.of(new Section.Table("Sources", List.of("Source", "Kind"), List.of(List.of("ward", "trees"))))));
        return ReportDocument.of(
                PROFILE,
                basis,
                statements,
                Assessment.of(PROFILE, measures, statements, basis),
                sections,
                this::proven);
    }

    private Map<Long, ProofSource.Proven> proven(List<Long> entries) {
        Map<Long, ProofSource.Proven> proven = new HashMap<>();
        audit.prove(entries, 9)
                .entries()
                .forEach(each -> proven.put(
                        each.proof().index(),
                        new ProofSource.Proven(
                                Hash.leaf(each.record().getBytes(StandardCharsets.UTF_8)), each.proof())));
        return proven;
    }

    private static Map<String, Measure> measures() {
        return Map.of(
                "audit-integrity",
                Measure.examined(
                        "audit-integrity",
                        "entries, hashed anew",
                        "all",
                        "4711 entries",
                        4711,
                        List.of(),
                        List.of(3L, 8L)),
                "backup-exec",
                Measure.examined(
                        "backup-exec", "-sources", "all", "812 of 813", 813, List.of("lab: late", "=x"), List.of(2L)));
    }

    private Path write(Members document) {
        var files = new ReportFiles(temp);
        Map<String, byte[]> contents = new LinkedHashMap<>();
        contents.put("json", ReportDocument.bytes(document));
        contents.put("html", ReportPage.html(document).getBytes(StandardCharsets.UTF_8));
        contents.put("pdf", ReportPage.pdf(document));
        contents.put("csv", ReportSheet.csv(document).getBytes(StandardCharsets.UTF_8));
        contents.forEach((ending, bytes) -> put(files.file(ending), bytes));
        put(files.file("checkpoint"), audit.prove(List.of(), 9).checkpoint().getBytes(StandardCharsets.UTF_8));
        put(files.file("sig"), audit.sign(ReportFiles.statement(contents)).getBytes(StandardCharsets.UTF_8));
        return files.file("json");
    }

    private static void put(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path key() {
        return temp.resolve("audit/key.pub");
    }

    private List<Code> codes(Path file) {
        return ReportCheck.of(file, key()).findings().stream()
                .map(Finding::code)
                .toList();
    }

    @Test
    void aWholeReportKeepsTheSchemaAndIsIntact() {
        Members document = document(measures());
        Path file = write(document);

        assertThat(JsonSchema.parse(ReportDocument.schema()).check(document)).isEmpty();
        ReportVerification verification = ReportCheck.of(file, key());
        assertThat(verification.findings()).isEmpty();
        assertThat(verification.valid()).isTrue();
        assertThat(verification.report()).isEqualTo(document.text("reportId"));
        assertThat(verification.proofs()).isGreaterThan(4);
        assertThat(ReportDocument.bytes(document(measures()))).isEqualTo(ReportDocument.bytes(document));
        assertThat(ReportPage.pdf(document)).isEqualTo(ReportPage.pdf(document));
    }

    /** Every text and number of the JSON document stands in each form, but for proofs and digests of single entries. */
    @Test
    void allFormsSayTheSame() throws IOException {
        Members document = document(measures());
        String html = ReportPage.html(document)
                .replaceAll("<[^>]*>", "")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&")
                .replaceAll("\\s", "");
        String pdf;
        try (PDDocument read = Loader.loadPDF(ReportPage.pdf(document))) {
            pdf = new PDFTextStripper()
                    .getText(read)
                    .replaceAll("\\d+ / \\d+\\R", "")
                    .replaceAll("\\s", "");
        }
        String csv = ReportSheet.csv(document);
        for (JsonValue each : document.items("controls")) {
            Members control = (Members) each;
            for (String text : List.of("id", "title", "status", "citation", "asks")) {
                assertThat(html).contains(control.text(text).replaceAll("\\s", ""));
            }
            assertThat(pdf).contains(control.text("asks").replaceAll("\\s", ""));
            assertThat(csv).contains(control.text("id"), control.text("status"));
            for (JsonValue claimed : control.items("claims")) {
                Members claim = (Members) claimed;
                for (String text : List.of("status", "observed", "threshold", "evidenceId")) {
                    assertThat(html).contains(claim.text(text).replaceAll("\\s", ""));
                }
                assertThat(html).contains(String.valueOf(claim.whole("population")));
            }
        }
        for (String number :
                List.of("4711", "812of813", "813", document.members("trail").text("root"), "ward")) {
            assertThat(html).contains(number);
            assertThat(pdf).contains(number);
        }
        Members summary = document.members("summary");
        for (String status : summary.values().keySet()) {
            assertThat(html).contains(status + summary.whole(status));
            assertThat(pdf).contains(status + summary.whole(status));
        }
        assertThat(html).contains("Documentedalternativeofthesite:Aline", "Inventory", "Wordsofit.");
        assertThat(ReportPage.html(document)).doesNotContain("http:", "https:", "<script");
        assertThat(csv)
                .contains("4711 entries", "812 of 813")
                // What a spreadsheet would calculate, it does not.
                .contains("'-sources", "lab: late; =x", "\"entries, hashed anew\"");
        assertThat(csv.lines().count())
                .isEqualTo(1
                        + document.items("controls").stream()
                                .mapToLong(
                                        each -> ((Members) each).items("claims").size())
                                .sum());
    }

    @Test
    void aPageThatWasChangedOrIsGoneIsFound() throws IOException {
        Path file = write(document(measures()));
        Files.writeString(temp.resolve("report.html"), "other");
        Files.delete(temp.resolve("report.pdf"));

        assertThat(codes(file)).containsExactly(Code.CHANGED_PAGE, Code.MISSING_PAGE);
    }

    @Test
    void aDocumentThatWasChangedIsFound() throws IOException {
        Path file = write(document(measures()));
        Files.writeString(file, Files.readString(file).replace("4711 entries", "4712 entries"));
        assertThat(codes(file)).containsExactly(Code.CHANGED_DOCUMENT);

        Files.writeString(file, "{}");
        assertThat(codes(file)).containsExactly(Code.CHANGED_DOCUMENT, Code.CHANGED_DOCUMENT);
        Files.writeString(file, "no JSON");
        assertThat(codes(file)).contains(Code.CHANGED_DOCUMENT);
    }

    @Test
    void aSignatureThatIsMissingOrOfAnotherIsFound() throws IOException {
        Path file = write(document(measures()));
        Path signature = temp.resolve("report.sig");
        Files.writeString(signature, audit.sign("something else\n"));
        assertThat(codes(file)).containsExactly(Code.BAD_SIGNATURE);
        Files.delete(signature);
        assertThat(codes(file)).containsExactly(Code.MISSING_SIGNATURE);
    }

    @Test
    void aHeadThatIsNotSignedOrAnotherOneIsFound() throws IOException {
        Path file = write(document(measures()));
        Files.writeString(
                temp.resolve("report.checkpoint"), audit.prove(List.of(), 8).checkpoint());
        assertThat(codes(file)).containsExactly(Code.BAD_CHECKPOINT);
        Files.delete(temp.resolve("report.checkpoint"));
        assertThat(codes(file)).containsExactly(Code.BAD_CHECKPOINT);
    }

    /** Also where the one who makes it has the key: a claim is checked by what it shows. */
    @Test
    void aClaimThatNothingShowsIsFoundThoughItIsSigned() {
        Members document = document(measures());

        assertThat(codes(write(changed(document, "\"entry\":8", "\"entry\":7"))))
                .contains(Code.BAD_PROOF, Code.UNPROVEN_CLAIM);
        assertThat(codes(write(changed(document, "\"population\":4711", "\"population\":0"))))
                .containsOnly(Code.UNPROVEN_CLAIM);
        assertThat(codes(write(changed(document, "\"status\":\"NOT_MET\"", "\"status\":\"MET\""))))
                .containsOnly(Code.UNPROVEN_CLAIM);
        assertThat(codes(write(changed(
                        document,
                        "\"status\":\"NOT_ASSESSED\",\"title\":\"Disposal\"",
                        "\"status\":\"MET\",\"title\":\"Disposal\""))))
                .containsExactly(Code.UNPROVEN_CLAIM);
        String leaf = Json.canonical(document).replaceFirst(".*?\"leafHash\":\"([0-9a-f]{64})\".*", "$1");
        assertThat(codes(write(changed(document, leaf, "0".repeat(64))))).contains(Code.BAD_PROOF);
    }

    private static Members changed(Members document, String text, String by) {
        String json = Json.canonical(document);
        assertThat(json).contains(text);
        return Json.parseMembers(json.replace(text, by));
    }

    @Test
    void filesThatAreNotThereOrNoKeyAreRefused() throws IOException {
        Path file = write(document(measures()));
        assertThatThrownBy(() -> ReportCheck.of(temp.resolve("none"), key())).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> ReportCheck.of(file, temp.resolve("none"))).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> ReportCheck.of(file, file)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> ReportCheck.of(temp, key())).isInstanceOf(UsageException.class);
        assertThat(ReportFiles.SIGNED).doesNotContain("sig");
        assertThat(new ArrayList<>(ReportFiles.sums("other\n").keySet())).isEmpty();
    }

    @Test
    void aTableHasRowsAsLongAsItsHeads() {
        assertThatThrownBy(() -> new Section.Table("t", List.of("a"), List.of(List.of("b", "c"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTrailProvesUnderAnEarlierHeadAndNotUnderALaterOne() {
        assertThat(audit.prove(List.of(1L), 5)
                        .entries()
                        .getFirst()
                        .isIn(audit.key()
                                .head(audit.prove(List.of(), 5).checkpoint())
                                .orElseThrow()))
                .isTrue();
        assertThatThrownBy(() -> audit.prove(List.of(), 11)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> audit.prove(List.of(7L), 5)).isInstanceOf(IllegalArgumentException.class);
    }
}
