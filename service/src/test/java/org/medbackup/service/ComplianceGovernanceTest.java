package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue.Members;

/** What a report says of approvals, emergencies, attempts that were refused and signs of ransomware. */
class ComplianceGovernanceTest {

    private static final Actor CARL = new Actor("carl", "backup01", null, null).known("os", "medbackup");

    @TempDir
    Path temp;

    @SuppressWarnings("NullAway.Init") // each test begins with one
    private ReportedSite site;

    private int reports;

    @BeforeEach
    void open() {
        site = new ReportedSite(temp);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private OperationLog begin(String action) {
        return OperationLog.open(site.time, site.entropy, site.audit, action, CARL, Facts.NONE);
    }

    private void done(String action, Facts facts) {
        begin(action).ended(Outcome.SUCCESS, null, facts);
    }

    private Members claim(String kind) {
        reports++;
        Members document = site.compliance()
                .report(new ReportOrder("hipaa", ReportedSite.JANUARY, temp.resolve("report" + reports), null, -1))
                .document();
        return of(document, kind)
                .orElseGet(() -> of(
                                site.compliance()
                                        .report(new ReportOrder(
                                                "nist-800-53",
                                                ReportedSite.JANUARY,
                                                temp.resolve("nist" + reports),
                                                null,
                                                -1))
                                        .document(),
                                kind)
                        .orElseThrow());
    }

    private static java.util.Optional<Members> of(Members document, String kind) {
        return document.items("controls").stream()
                .flatMap(each -> ((Members) each).items("claims").stream())
                .map(Members.class::cast)
                .filter(each -> each.text("evidenceId").equals(kind))
                .findFirst();
    }

    @Test
    void withoutRulesNothingOfItIsAssessed() {
        done("hold-release", Facts.NONE);

        for (String kind : List.of("approvals", "break-glass", "login-failures", "access-review")) {
            assertThat(claim(kind).text("status")).as(kind).isEqualTo("NOT_ASSESSED");
        }
        assertThat(claim("anomaly").text("status")).isEqualTo("NOT_ASSESSED");
    }

    @Test
    void whatOthersApprovedIsMetAndWhatNobodyApprovedIsNot() {
        done("access-activate", Facts.of("version", 1));
        assertThat(claim("approvals").text("status")).isEqualTo("NOT_APPLICABLE");
        OperationLog forget = begin("forget");
        forget.phase(
                "approved",
                Outcome.SUCCESS,
                java.time.Duration.ZERO,
                Facts.of("approval", "ab").and("approvers", "bert,cora"));
        forget.ended(Outcome.SUCCESS, null, Facts.NONE);
        assertThat(claim("approvals").text("status")).isEqualTo("MET");
        assertThat(claim("access-review").text("status")).isEqualTo("MET");

        done("hold-release", Facts.NONE);

        assertThat(claim("approvals").text("status")).isEqualTo("NOT_MET");
        assertThat(Json.write(claim("approvals"))).contains("hold-release without an approval");
    }

    @Test
    void anEmergencyIsMetWhenSomebodyElseHasReviewedIt() {
        done("access-activate", Facts.of("version", 1));
        assertThat(claim("break-glass").text("status")).isEqualTo("NOT_APPLICABLE");
        OperationLog restore = begin("restore");
        restore.found(ErrorCode.BREAK_GLASS_USED, Facts.of("emergency", "ab12"));
        restore.ended(Outcome.SUCCESS, null, Facts.NONE);
        assertThat(claim("break-glass").text("status")).isEqualTo("NOT_MET");

        done("access-review", Facts.of("emergency", "ab12"));

        assertThat(claim("break-glass").text("status")).isEqualTo("MET");
    }

    @Test
    void attemptsThatTheRulesDidNotAllowAreOnRecord() {
        done("access-activate", Facts.of("version", 1));
        assertThat(claim("login-failures").text("status")).isEqualTo("NOT_APPLICABLE");
        begin("forget").ended(Outcome.REFUSED, ErrorCode.ACCESS_DENIED, Facts.NONE);

        assertThat(claim("login-failures").text("status")).isEqualTo("MET");
        assertThat(claim("login-failures").text("observed")).isEqualTo("1");
    }

    @Test
    void aSuspectRestorePointIsNotMetUntilItIsCleared() {
        OperationLog backup = begin("backup");
        backup.found(ErrorCode.RANSOMWARE_SUSPECTED, Facts.of("snapshot", "ab").and("signs", "SWEEP"));
        backup.phase("signs-judged", Outcome.SUCCESS, java.time.Duration.ZERO, Facts.of("snapshot", "ab"));
        backup.ended(Outcome.SUCCESS, null, Facts.NONE);
        assertThat(claim("anomaly").text("status")).isEqualTo("NOT_MET");

        done("anomaly-clear", Facts.of("snapshot", "ab"));
        assertThat(claim("anomaly").text("status")).isEqualTo("MET");
        begin("backup").found(ErrorCode.ANOMALY_NOT_JUDGED, Facts.of("snapshot", "cd"));

        assertThat(claim("anomaly").text("status")).isEqualTo("NOT_MET");
    }
}
