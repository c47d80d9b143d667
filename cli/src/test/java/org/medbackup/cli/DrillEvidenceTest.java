package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** What a drill leaves for an auditor. */
class DrillEvidenceTest {

    private static final String CANARY = "Canary-Patient-1958-11-02";

    @TempDir
    static Path temp;

    private static Shell shell = new Shell(Path.of("unused"));
    private static Path made = Path.of("unused");

    @TempDir
    Path evidence;

    private Path document = Path.of("unused");

    /** One drill for all: each test works on a copy of what it left. */
    @BeforeAll
    static void drill() {
        shell = new Shell(temp).filled();
        shell.write(CANARY + ".txt", CANARY + " was seen");
        Path configuration =
                Shell.write(temp.resolve("medbackup.yaml"), "jobs: {ward: {paths: [\"" + shell.source() + "\"]}}\n");
        shell.environment.put("MEDBACKUP_CONFIG", configuration.toString());
        shell.run("run", "ward").endsWith(0);
        shell.run("catalogue", "rebuild").endsWith(0);
        Path plan = Shell.write(temp.resolve("plan.yaml"), """
                name: ward site
                envelope: {parallel: 1, read: 50MiB/s}
                applications:
                  ward: {job: ward, objectives: {rto: 4h, rpo: 1d, mtd: 9h, wrt: 2h}}
                """);
        Path actions = Shell.write(
                temp.resolve("actions.yaml"), "- {action: second link, owner: network team, due: 2027-01-31}\n");
        Members json = shell.json(
                "drill",
                "run",
                plan.toString(),
                "--scratch",
                temp.resolve("scratch").toString(),
                "--report",
                temp.resolve("evidence").toString(),
                "--profile",
                "proposed-2025",
                "--actions",
                actions.toString(),
                "--actor",
                "raj",
                "--reason",
                "<script>alert(1)</script> & \"quarterly\"");
        made = temp.resolve("evidence/drill-" + json.text("drill") + ".json");
    }

    @BeforeEach
    void copy() throws IOException {
        document = evidence.resolve(String.valueOf(made.getFileName()));
        for (String ending : List.of("json", "html", "pdf", "sig")) {
            String name = beside(ending).getFileName().toString();
            Files.copy(made.resolveSibling(name), beside(ending));
        }
    }

    private Path beside(String ending) {
        return evidence.resolve(String.valueOf(document.getFileName()).replace(".json", "." + ending));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String text(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private List<String> codes(String... more) {
        Members json = shell.run(
                        Stream.concat(Stream.of("drill", "verify", document.toString(), "--json"), Stream.of(more))
                                .toArray(String[]::new))
                .endsWith(5)
                .json();
        assertThat(json.members("error").text("code")).isEqualTo("EVIDENCE_CHANGED");
        return Shell.list(json, "findings").stream()
                .map(each -> each.text("code"))
                .toList();
    }

    @Test
    void theEvidenceIsWholeSignedAndSaysTheSameInAllForms() {
        Members json = Json.parseMembers(text(document));

        Shell.hasFields(
                json,
                "envelope",
                "actor",
                "environment",
                "requirements",
                "profile",
                "correctiveActions",
                "audit",
                "applications");
        Members ward = Shell.first(json, "applications");
        Shell.hasFields(ward, "mtd", "wrt", "predictedEnd", "predictedStages");
        assertThat(json.members("actor").text("name")).isEqualTo("raj");
        assertThat(text(document)).isEqualTo(Json.canonical(json));
        assertThat(text(beside("html")))
                .contains(
                        Json.canonical(json.values().getOrDefault("actual", new JsonValue.Null())) + " s",
                        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quarterly&quot;",
                        "network team",
                        "45 CFR 164.308(a)(7)(ii)(D)",
                        "a proposal (90 FR 898")
                .doesNotContain("<script", "http:", "https:");
        assertThat(bytes(beside("pdf"))).startsWith("%PDF-".getBytes(StandardCharsets.US_ASCII));
        // The lines of the signature are those that sha256sum writes.
        for (String ending : List.of("json", "html", "pdf")) {
            Path file = beside(ending);
            assertThat(text(beside("sig"))).contains(sha256(bytes(file)) + "  " + file.getFileName() + "\n");
        }
        Members verified = shell.json("drill", "verify", document.toString());
        assertThat(verified.whole("entries")).isEqualTo(4);
        assertThat(shell.run("drill", "verify", document.toString()).endsWith(0).out())
                .contains("intact");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    @Test
    void anAuditorChecksItWithThePublicKeyAlone() throws IOException {
        Path key = Files.copy(temp.resolve("state/audit/key.pub"), temp.resolve("key.pub"));
        var auditor = new Shell(temp.resolve("auditor"));

        auditor.run("drill", "verify", document.toString(), "--key", key.toString())
                .endsWith(0);
        // The pages may have stayed elsewhere, and spaces say nothing.
        Files.delete(beside("html"));
        write(document, text(document).replace(",\"actual\"", " ,\n \"actual\""));
        auditor.run("drill", "verify", document.toString(), "--key", key.toString())
                .endsWith(0);
        assertThat(temp.resolve("auditor")).doesNotExist();
        assertThat(auditor.run("drill", "verify", document.toString())
                        .endsWith(2)
                        .err())
                .contains("key.pub");
        assertThat(auditor.run("drill", "verify", document.toString(), "--key", document.toString())
                        .endsWith(2)
                        .err())
                .contains("no public key");
        assertThat(auditor.run("drill", "verify", "/no/such/file", "--key", key.toString())
                        .endsWith(2)
                        .err())
                .contains("does not exist");
    }

    @Test
    void oneDigitThatWasChangedIsFound() {
        String whole = text(document);
        int at = whole.indexOf("\"actual\":") + "\"actual\":".length();
        char digit = whole.charAt(at) == '1' ? '2' : '1';
        write(document, whole.substring(0, at) + digit + whole.substring(at + 1));

        assertThat(codes()).containsExactly("CHANGED_DOCUMENT", "CONTRADICTION");
        write(document, whole.substring(1));
        assertThat(codes()).containsExactly("CHANGED_DOCUMENT", "CHANGED_DOCUMENT");
    }

    @Test
    void aProofThatWasChangedIsFound() {
        String whole = text(document);
        int at = whole.indexOf("\"path\":[\"") + "\"path\":[\"".length();
        char digit = whole.charAt(at) == '1' ? '2' : '1';
        write(document, whole.substring(0, at) + digit + whole.substring(at + 1));

        assertThat(codes()).contains("CHANGED_DOCUMENT", "BAD_PROOF");
        write(document, whole.replace("\"path\":[\"", "\"path\":[\"x"));
        assertThat(codes()).contains("CHANGED_DOCUMENT", "BAD_PROOF");
    }

    @Test
    void aPageThatWasChangedAndASignatureThatIsGoneAreFound() throws IOException {
        write(beside("html"), text(beside("html")).replace("all met", "ALL MET"));
        assertThat(codes()).containsExactly("CHANGED_PAGE");
        write(beside("sig"), text(beside("sig")).replace("drill-evidence", "drill-evidences"));
        assertThat(codes()).containsExactly("BAD_SIGNATURE");
        Files.delete(beside("sig"));
        assertThat(codes()).containsExactly("MISSING_SIGNATURE");
    }

    @Test
    void theKeyOfAnotherTrailProvesNothing() {
        var other = new Shell(temp.resolve("other")).initialised();
        other.run("snapshots").endsWith(0);

        assertThat(codes("--key", temp.resolve("other/state/audit/key.pub").toString()))
                .containsExactly("BAD_SIGNATURE", "BAD_CHECKPOINT");
    }

    @Test
    void nothingOfPatientsIsInIt() {
        for (String ending : List.of("json", "html", "pdf", "sig")) {
            assertThat(new String(bytes(beside(ending)), StandardCharsets.ISO_8859_1))
                    .doesNotContain(CANARY, temp.toString());
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsToldBeforeTheDrill() {
        Path file = Shell.write(evidence.resolve("file"), "no folder");

        Shell.Ran ran = shell.run(
                "drill",
                "run",
                temp.resolve("plan.yaml").toString(),
                "--scratch",
                temp.resolve("scratch").toString(),
                "--report",
                file.toString(),
                "--json");

        assertThat(ran.endsWith(2).error()).isEqualTo("TARGET_UNUSABLE");
    }

    @Test
    void whatIsWrongInTheOptionsIsToldBeforeTheDrill() {
        Path plan = temp.resolve("plan.yaml");
        assertThat(shell.run("drill", "run", plan.toString(), "--scratch", "x", "--profile", "final")
                        .endsWith(2)
                        .err())
                .contains("proposed-2025");
        assertThat(shell.run("drill", "run", plan.toString(), "--scratch", "x", "--actions", "/no/such/file")
                        .endsWith(2)
                        .err())
                .contains("cannot be read");
        assertThat(shell.run("drill", "run", plan.toString(), "--scratch", "x", "--actions", plan.toString())
                        .endsWith(2)
                        .err())
                .contains("corrective actions");
    }
}
