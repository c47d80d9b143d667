package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.audit.report.ControlStatus;
import org.medbackup.audit.report.Period;
import org.medbackup.audit.report.Profile;
import org.medbackup.audit.report.ReportDocument;
import org.medbackup.audit.report.ReportFiles;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** What a report says of a site, and that it says the same again. */
class ComplianceReportTest {

    private static final String WHOLE = """
            repository: /srv/canary-smith/repository
            targets:
              away: {location: "s3://canary-bucket/x?lock=compliance", site: east}
            jobs:
              ward: {paths: [/srv/canary-mrn-4711], verify: content, keep: {daily: 7}, copies: [away], rpo: 25 h}
              lab: {paths: [/srv/lab], verify: content, keep: {daily: 7}, copies: [away], rpo: 50 h}
            """;

    private static final String STATED = """
            entity: General Hospital
            associates:
              - {name: Cloud Company, targets: [away], agreement: 2026-01-01, expires: 2028-12-31, regions: [us-east]}
            alternatives:
              - {control: 164.312(e)(2)(ii), alternative: A private line, reason: No other network, owner: security officer, expires: 2027-12-31}
              - {control: 164.308(a)(5)(ii)(C), alternative: Expired one, reason: Old, owner: nobody, expires: 2026-12-31}
            waivers:
              - {control: 164.308(a)(7)(ii)(C), owner: anne, reason: In the project of spring, expires: 2027-06-30}
            reviews:
              - {from: 2027-01-01, to: 2027-01-31, reviewer: anne, on: 2027-02-01, findings: none}
            drills:
              - {drill: 00112233445566aa, reviewer: bert, on: 2027-01-20, actions: [second link]}
            applications:
              - {source: ward, tier: 0, class: PHI, rpo: 25 h, rto: 4 h, needs: [lab], approver: anne}
              - {source: lab, tier: 1, class: PHI, approver: anne}
            """;

    @TempDir
    Path temp;

    @SuppressWarnings("NullAway.Init") // each test begins with one
    private ReportedSite site;

    @BeforeEach
    void open() {
        site = new ReportedSite(temp);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private static Map<String, String> statuses(Members document) {
        Map<String, String> statuses = new LinkedHashMap<>();
        document.items("controls")
                .forEach(each -> statuses.put(((Members) each).text("id"), ((Members) each).text("status")));
        return statuses;
    }

    private static Members claim(Members document, String kind) {
        return document.items("controls").stream()
                .flatMap(each -> ((Members) each).items("claims").stream())
                .map(Members.class::cast)
                .filter(each -> each.text("evidenceId").equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static String exceptions(Members document, String kind) {
        return Json.write(claim(document, kind).values().getOrDefault("exceptions", new JsonValue.Null()));
    }

    private ReportMade stated(String to) {
        return site.compliance()
                .report(new ReportOrder(
                        "hipaa", ReportedSite.JANUARY, temp.resolve(to), site.write("statements.yaml", STATED), -1));
    }

    @Test
    void aSiteThatDoesItsWorkAndStatesItIsSeenToDoSo() {
        ReportMade made = reported();

        assertThat(statuses(made.document()))
                .containsEntry("164.308(a)(7)(ii)(A)", "MET")
                .containsEntry("164.308(a)(7)(ii)(B)", "MET")
                .containsEntry("164.308(a)(7)(ii)(E)", "MET")
                .containsEntry("164.312(b)", "MET")
                // Backup shows a part of these only.
                .containsEntry("164.314(a)(2)(i)", "PARTIAL")
                .containsEntry("164.312(d)", "PARTIAL")
                .containsEntry("164.312(e)(2)(ii)", "ADDRESSABLE_ALTERNATIVE")
                // Its alternative is not in force any more; a waiver changes nothing.
                .containsEntry("164.308(a)(5)(ii)(C)", "NOT_ASSESSED")
                .containsEntry("164.308(a)(7)(ii)(C)", "NOT_ASSESSED")
                .containsEntry("164.528", "PARTIAL");
        assertThat(made.document().text("entity")).isEqualTo("General Hospital");
        assertThat(MedBackup.verifyReport(made.files().getFirst(), site.key()).findings())
                .isEmpty();
    }

    private ReportMade reported() {
        site.configured(WHOLE).worked();
        return stated("report");
    }

    @Test
    void aReportIsTheSameAgainThoughItIsItselfOnRecord() throws IOException {
        List<Path> first = reported().files();
        site.time.advance(Duration.ofMinutes(5));
        List<Path> second = stated("again").files();
        assertSame(first, second);

        // Also after more has happened, when it is asked for as of then; and with the period over.
        long size = Json.parseMembers(Files.readString(first.getFirst()))
                .members("trail")
                .whole("size");
        site.ran("ward", Outcome.SUCCESS);
        ReportMade later = site.compliance()
                .report(new ReportOrder(
                        "hipaa",
                        ReportedSite.JANUARY,
                        temp.resolve("later"),
                        site.write("statements.yaml", STATED),
                        size));
        assertSame(first, later.files());

        site.time.advance(Duration.ofDays(60));
        List<Path> closed = stated("closed").files();
        site.configured("jobs: {other: {paths: [/x]}}");
        site.ran("ward", Outcome.SUCCESS);
        assertSame(closed, stated("closed-again").files());
    }

    private static void assertSame(List<Path> first, List<Path> second) throws IOException {
        assertThat(second).hasSize(6).hasSameSizeAs(first);
        for (int i = 0; i < first.size(); i++) {
            assertThat(second.get(i)).hasSameBinaryContentAs(first.get(i));
        }
    }

    /** Check 6 of the research page: never backed up, plan not tested, no contract. */
    @Test
    void whatIsMissingIsNamedAndNotMet() {
        Path plan = site.write("plan.yaml", """
                name: ward site
                applications: {ward: {job: ward, objectives: {rto: 4h, rpo: 1d}}}
                """);
        site.configured("""
                repository: /srv/repository
                targets: {cloud: {location: "s3://bucket/x"}}
                jobs:
                  ward: {paths: [/srv/ward], verify: content, copies: [cloud], rpo: 25 h}
                  lab: {paths: [/srv/lab], verify: none}
                  ris: {paths: [/srv/ris], rpo: 1 h}
                drills:
                  monthly: {plan: %s, scratch: /srv/scratch, schedule: {at: ["02:00"]}}
                """.formatted(plan)).worked();

        Members document = site.report("hipaa", "report").document();

        assertThat(statuses(document))
                .containsEntry("164.308(a)(7)(ii)(A)", "NOT_MET")
                .containsEntry("164.308(a)(7)(ii)(B)", "NOT_MET")
                .containsEntry("164.308(a)(7)(ii)(D)", "NOT_MET")
                .containsEntry("164.308(a)(7)(ii)(E)", "NOT_ASSESSED")
                .containsEntry("164.314(a)(2)(i)", "NOT_MET");
        assertThat(exceptions(document, "backup-exec")).contains("ris: never backed up");
        assertThat(exceptions(document, "restore-test")).contains("monthly/", "not tested in the period");
        assertThat(exceptions(document, "ba-register")).contains("target cloud", "no statement names");
        assertThat(exceptions(document, "backup-plan"))
                .contains("lab: has no schedule", "lab: restore points are not verified", "lab: has no second copy");
        assertThat(exceptions(document, "media")).contains("ward: no target");
    }

    @Test
    void whatWentWrongIsCountedAndProvenFirst() {
        site.configured(WHOLE);
        site.ran("ward", Outcome.SUCCESS);
        site.time.advance(Duration.ofHours(60));
        site.ran("ward", Outcome.FAILURE);
        site.ran("lab", Outcome.SUCCESS);
        var nobody = new Actor("someone", "backup01", null, null).known("claimed", "medbackup");
        site.did("restore", nobody, Facts.NONE, Outcome.SUCCESS, Facts.NONE);
        site.did("hold-release", nobody, Facts.NONE, Outcome.REFUSED, Facts.NONE);
        site.did("verify", nobody, Facts.of("level", "PRESENCE"), Outcome.FINDING, Facts.of("damaged", 2));
        site.did("app-backup", nobody, Facts.NONE, Outcome.SUCCESS, Facts.of("consistency", "CRASH_CONSISTENT"));
        site.did("backup", nobody, Facts.NONE.andVeiled("source", "/srv/x"), Outcome.SUCCESS, Facts.NONE);
        site.did("gc", nobody, Facts.NONE, Outcome.FAILURE, Facts.NONE);
        site.did("key-revoke", nobody, Facts.NONE, Outcome.FAILURE, Facts.NONE);
        site.did(
                "drill",
                nobody,
                Facts.of("plan", "aa"),
                Outcome.FINDING,
                Facts.of("drill", "ffff").and("met", false).and("actual", 300000));

        Members document = site.report("hipaa", "report").document();
        Members nist = site.report("nist-800-53", "nist").document();
        Members proposed = site.report("hipaa-nprm-2025", "proposed").document();

        assertThat(exceptions(document, "backup-exec"))
                .contains(
                        "ward: its last run did not succeed", "ward: its copy was up to 60.3 h old, objective 25.0 h");
        assertThat(exceptions(document, "access")).contains("8 operations by somebody who only claimed a name");
        assertThat(exceptions(document, "disclosures")).contains("restore without a purpose");
        assertThat(exceptions(document, "verify")).contains("FINDING, damaged 2");
        assertThat(exceptions(document, "exact-copy")).contains("not shown to be exact");
        assertThat(exceptions(document, "restore-test")).contains("plan aa: no drill was good");
        assertThat(exceptions(document, "retention")).contains("gc FAILURE");
        assertThat(exceptions(nist, "transactions")).contains("CRASH_CONSISTENT");
        assertThat(exceptions(nist, "keys")).contains("key-revoke FAILURE");
        assertThat(exceptions(proposed, "copy-age-48h")).contains("ward: 60.3 h");
        assertThat(exceptions(proposed, "restore-72h")).contains("drill ffff: 83.3 h");
        assertThat(Json.write(document)).contains("hold-release");
    }

    @Test
    void aPeriodWithoutAnythingIsNotAssessedAndNothingOfItIsMet() {
        site.worked();
        ReportMade made = site.compliance()
                .report(new ReportOrder("hipaa", Period.parse("2026-01-01/2026-02-28"), temp.resolve("report")));

        assertThat(made.count(ControlStatus.NOT_MET)).isZero();
        assertThat(statuses(made.document()))
                .containsEntry("164.308(a)(7)(ii)(A)", "NOT_ASSESSED")
                .containsEntry("164.528", "NOT_ASSESSED")
                .containsEntry("164.308(a)(6)(ii)", "NOT_ASSESSED");
        assertThat(Json.write(made.document())).contains("\"ofPeriod\":false");
    }

    @Test
    void anIncidentThatNobodyResolvedIsNotMet() {
        site.configured(WHOLE).worked();
        site.incident(false);
        site.incident("RPO_MISSED", true);

        Members document = site.report("hipaa", "report").document();

        assertThat(statuses(document)).containsEntry("164.308(a)(6)(ii)", "NOT_MET");
        assertThat(exceptions(document, "incident")).contains("source-unreadable is not resolved");
        assertThat(Json.write(document)).contains("[\"RPO_MISSED\",\"1\"]");
    }

    @Test
    void aDamagedTrailIsNotMetOrGivesNoReportAtAll() throws IOException {
        site.configured(WHOLE).worked();
        assertThat(statuses(site.report("hipaa", "good").document())).containsEntry("164.312(b)", "MET");
        Path checkpoints = temp.resolve("audit/checkpoints");
        String text = Files.readString(checkpoints);
        int signature = text.indexOf(' ', text.indexOf('\u2014') + 2) + 12;
        char other = text.charAt(signature) == 'A' ? 'B' : 'A';
        Files.writeString(checkpoints, text.substring(0, signature) + other + text.substring(signature + 1));

        Members damaged = site.report("hipaa", "damaged").document();

        assertThat(statuses(damaged))
                .containsEntry("164.312(b)", "NOT_MET")
                .containsEntry("164.316(b)(2)(i)", "NOT_MET");
        assertThat(exceptions(damaged, "audit-integrity")).contains("1 findings");

        Path bundle = temp.resolve("audit/entries/000");
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("argon2id")] ^= 1;
        Files.write(bundle, bytes);
        assertThatThrownBy(() -> site.report("hipaa", "none"))
                .isInstanceOfSatisfying(
                        DamageException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.AUDIT_DAMAGED));
    }

    @Test
    void theReportAfterOneProvesThatTheTrailGoesOnFromIt() {
        site.configured(WHOLE).worked();
        site.report("hipaa", "first");
        site.ran("ward", Outcome.SUCCESS);
        Members document = site.report("hipaa", "second").document();

        assertThat(claim(document, "audit-integrity").text("observed")).contains("report before at");
        assertThat(statuses(document)).containsEntry("164.308(a)(8)", "PARTIAL");
    }

    static Stream<String> profiles() {
        return Profile.known().stream();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void everyProfileGivesAReportThatKeepsTheSchemaAndIsNeverGreenWithoutProof(String profile) {
        site.configured(WHOLE).worked();
        ReportMade made = site.report(profile, "report");

        assertThat(JsonSchema.parse(ReportDocument.schema()).check(made.document()))
                .isEmpty();
        assertThat(MedBackup.verifyReport(made.files().getFirst(), site.key()).findings())
                .isEmpty();
        assertThat(made.document().members("profile").text("notice")).contains("Counsel confirms");
        for (JsonValue each : made.document().items("controls")) {
            Members control = (Members) each;
            if (control.text("status").equals("MET")) {
                assertThat(control.items("evidence")).isNotEmpty();
                control.items("claims")
                        .forEach(claim -> assertThat(((Members) claim).whole("population"))
                                .isPositive());
            }
        }
        if (profile.equals("hipaa-nprm-2025")) {
            assertThat(made.document().members("profile").text("title")).startsWith("PROPOSAL, NOT LAW");
        }
    }

    @Test
    void itHasTheSectionsThatAnAuditorLooksFor() {
        Members document = reported().document();

        assertThat(document.items("sections"))
                .extracting(each -> ((Members) each).text("id"))
                .containsExactly(
                        "inventory",
                        "execution",
                        "restore-tests",
                        "encryption",
                        "access",
                        "log-integrity",
                        "retention",
                        "media",
                        "incidents",
                        "waivers",
                        "policies");
        assertThat(Json.write(document)).contains("EXPIRED", "In the project of spring", "bert, 2027-01-20");
    }

    @Test
    void neitherPathsNorAddressesNorReasonsNorPeopleStandInIt() throws IOException {
        for (Path file : reported().files()) {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            assertThat(text)
                    .as(file.toString())
                    .doesNotContainIgnoringCase("canary")
                    .doesNotContain("raj", "backup01");
        }
    }

    @Test
    void whatTheReportSaysIsTheGoldenOne() throws IOException {
        Members document = reported().document();
        var values = new LinkedHashMap<>(document.values());
        // What follows from how the trail signs is not of interest here.
        values.keySet().removeAll(List.of("reportId", "trail"));
        String canonical = Json.canonical(new Members(values))
                .replaceAll("\"(leafHash|proof)\":(\"[^\"]*\"|\\{[^}]*\\})", "\"$1\":0");
        Path golden = Path.of("src/test/resources/org/medbackup/service/compliance-golden.json");
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(golden.toAbsolutePath().getParent());
            Files.writeString(golden, canonical + "\n");
        }
        try (var stream = Objects.requireNonNull(
                ComplianceReportTest.class.getResourceAsStream("/org/medbackup/service/compliance-golden.json"))) {
            assertThat(canonical + "\n").isEqualTo(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void whatCannotBeMadeIsRefused() {
        site.configured(WHOLE).worked();
        ComplianceOperations compliance = site.compliance();
        Path output = temp.resolve("report");
        refuses(() -> site.report("sox", "report"), ErrorCode.USAGE, "there are hipaa, hipaa-nprm-2025");
        refuses(
                () -> compliance.report(new ReportOrder("hipaa", ReportedSite.JANUARY, output, null, 100_000)),
                ErrorCode.USAGE,
                "not had so many");
        Path stated = site.write("statements.yaml", STATED);
        refuses(
                () -> compliance.report(new ReportOrder("hipaa", ReportedSite.JANUARY, output, stated, 5)),
                ErrorCode.USAGE,
                "not on record then");
        Path wrong = site.write("wrong.yaml", "entity: x\nwaivers: [{control: x}]\n");
        refuses(
                () -> compliance.report(new ReportOrder("hipaa", ReportedSite.JANUARY, output, wrong, -1)),
                ErrorCode.CONFIGURATION_INVALID,
                "line 2");
        refuses(
                () -> compliance.report(
                        new ReportOrder("hipaa", ReportedSite.JANUARY, output, temp.resolve("none"), -1)),
                ErrorCode.CONFIGURATION_INVALID,
                "cannot be read");
        Path file = site.write("file", "");
        refuses(
                () -> compliance.report(new ReportOrder("hipaa", ReportedSite.JANUARY, file.resolve("below"))),
                ErrorCode.TARGET_UNUSABLE,
                "cannot be written");
    }

    private static void refuses(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code, String words) {
        assertThatThrownBy(call).isInstanceOfSatisfying(UsageException.class, failure -> {
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.describe()).contains(words);
        });
    }

    @Test
    void theFilesAreNamedAsTheDocumentSays() {
        assertThat(reported().files())
                .extracting(each -> String.valueOf(each.getFileName()))
                .containsExactly(
                        "report.json", "report.html", "report.pdf", "report.csv", "report.checkpoint", "report.sig");
        assertThat(new ReportFiles(temp.resolve("report")).file("pdf")).exists();
    }

    @Test
    void anApplicationThatNoJobBacksUpIsAnExceptionOfTheInventory() {
        site.configuration = ComplianceSurveyTest.configuration();
        site.worked();

        Members document = site.report("hipaa", "report").document();

        assertThat(exceptions(document, "inventory")).contains("portal: no job backs it up");
        assertThat(exceptions(document, "ba-register")).contains("target (repository)", "target cloud");
        assertThat(Json.write(document)).doesNotContain("canary");
    }

    @Test
    void theDaemonWritesDownWhatIsConfiguredOnce() {
        site.configured(WHOLE);
        site.compliance().survey();
        long size = site.audit.head().size();
        site.compliance().survey();
        assertThat(site.audit.head().size()).isEqualTo(size);
        site.configured("jobs: {other: {paths: [/x]}}");
        site.compliance().survey();
        assertThat(site.audit.head().size()).isGreaterThan(size);
    }
}
