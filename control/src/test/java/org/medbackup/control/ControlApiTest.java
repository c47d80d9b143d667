package org.medbackup.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.health.Health;
import org.medbackup.core.health.HealthFinding;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** What a management tool sees. Each answer is held against the document by {@link Site}. */
class ControlApiTest {

    private static final String KEY = "Idempotency-Key";

    @TempDir
    Path temp;

    Site site;

    @BeforeEach
    void open() throws Exception {
        site = new Site(temp);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private static Members first(HttpResponse<String> response, String list) {
        return (Members) Site.json(response).items(list).getFirst();
    }

    @Test
    void jobsAreShownWithTheirNextAndLastRunAndTheirRpo() {
        Members nightly = first(site.send("GET", "/v1/jobs"), "jobs");

        assertThat(nightly.text("name")).isEqualTo("nightly");
        assertThat(nightly.text("next")).isEqualTo("2026-03-01T13:00:00Z");
        assertThat(nightly.members("last").text("state")).isEqualTo("INCOMPLETE");
        assertThat(nightly.members("last").find("seconds")).contains(new JsonValue.Decimal(61.5));
        assertThat(nightly.members("rpo").find("target")).contains(new JsonValue.Whole(86_400));
        assertThat(nightly.members("rpo").find("met")).contains(new JsonValue.Truth(true));
        Members failure = (Members) nightly.members("last").items("errors").getFirst();
        assertThat(failure.text("remedy")).isEqualTo(ErrorCode.SOURCE_UNREADABLE.remedy());
        Members pacs = Site.json(site.send("GET", "/v1/jobs/pacs")).members("job");
        assertThat(pacs.members("last").find("ended")).isEmpty();
        assertThat(pacs.members("rpo").find("met")).contains(new JsonValue.Truth(false));
    }

    @Test
    void aJobIsStartedOnceForOneKey() {
        HttpResponse<String> once = site.send("POST", "/v1/jobs/nightly:start", KEY, "tool-00000001");
        HttpResponse<String> again = site.send("POST", "/v1/jobs/nightly:start", KEY, "tool-00000001");
        HttpResponse<String> other = site.send("POST", "/v1/jobs/pacs:start", KEY, "tool-00000001");

        assertThat(once.statusCode()).isEqualTo(202);
        assertThat(once.headers().firstValue("location")).contains("/v1/runs/run-1");
        assertThat(again.body()).isEqualTo(once.body());
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(site.control.calls).containsExactly("start nightly by CN=operator,O=Clinic");
        assertThat(site.send("GET", "/v1/runs/run-1").statusCode()).isEqualTo(200);
    }

    @Test
    void aJobIsPausedAndResumed() {
        Members paused = Site.json(site.send("POST", "/v1/jobs/nightly:pause")).members("job");
        Members resumed =
                Site.json(site.send("POST", "/v1/jobs/nightly:resume")).members("job");

        assertThat(paused.find("paused")).contains(new JsonValue.Truth(true));
        assertThat(paused.find("next")).isEmpty();
        assertThat(resumed.find("next")).isPresent();
    }

    @Test
    void aRunIsCancelledByItsJobOrById() {
        HttpResponse<String> byJob = site.send("POST", "/v1/jobs/pacs:cancel");
        HttpResponse<String> byId = site.send("POST", "/v1/runs/" + FakeControl.GOING + ":cancel");
        HttpResponse<String> over = site.send("POST", "/v1/runs/" + FakeControl.FINISHED + ":cancel");

        assertThat(List.of(byJob.statusCode(), byId.statusCode(), over.statusCode()))
                .containsExactly(202, 202, 409);
        assertThat(Site.json(byId).members("run").text("state")).isEqualTo("CANCELLING");
    }

    @Test
    void everyChangeIsAuditedBeforeItsEffectWithWhoWhatAndWhy() {
        site.as(
                "operator",
                "POST",
                "/v1/jobs/nightly:pause",
                "{\"reason\":\"storage is moved\"}",
                "Content-Type",
                "application/json; charset=utf-8");

        ControlCall call = site.audited.getFirst();
        assertThat(call.action()).isEqualTo("pauseJob");
        assertThat(call.target()).isEqualTo("nightly");
        assertThat(call.allowed()).isTrue();
        assertThat(call.actor().name()).isEqualTo("CN=operator,O=Clinic");
        assertThat(call.actor().host()).isEqualTo("127.0.0.1");
        assertThat(call.actor().reason()).isEqualTo("storage is moved");
        site.send("GET", "/v1/jobs");
        assertThat(site.audited).hasSize(1);
    }

    @Test
    void whatCannotBeAuditedIsNotDone() {
        site.auditFails();

        HttpResponse<String> refused = site.send("POST", "/v1/jobs/nightly:pause");

        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(Site.json(refused).text("code")).isEqualTo("STATE_UNUSABLE");
        assertThat(site.control.calls).isEmpty();
    }

    @Test
    void runsComeInPagesThatDoNotOverlap() {
        for (int i = 0; i < 7; i++) {
            site.send("POST", "/v1/jobs/nightly:start", KEY, "tool-0000000" + i);
        }
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            Members page = Site.json(site.send("GET", "/v1/runs?limit=3&job=nightly" + cursor));
            page.items("runs").forEach(run -> ids.add(((Members) run).text("id")));
            cursor = page.find("next").isPresent() ? "&cursor=" + page.text("next") : "";
        } while (!cursor.isEmpty());

        assertThat(ids).hasSize(8).doesNotHaveDuplicates().contains(FakeControl.FINISHED, "run-7");
        assertThat(Site.json(site.send("GET", "/v1/runs?state=RUNNING")).items("runs"))
                .hasSize(1);
        assertThat(first(site.send("GET", "/v1/runs?state=WAITING"), "runs").find("seconds"))
                .isEmpty();
    }

    @Test
    void anIncidentIsTakenCareOf() {
        Members open = first(site.send("GET", "/v1/incidents"), "incidents");
        assertThat(open.text("state")).isEqualTo("OPEN");
        assertThat(open.items("members")).hasSize(2);

        HttpResponse<String> taken = site.as(
                "operator",
                "POST",
                "/v1/incidents/" + FakeControl.INCIDENT + ":ack",
                "{\"seconds\":7200,\"note\":\"der Händler kommt\"}",
                "Content-Type",
                "application/json");

        assertThat(Site.json(taken).members("incident").text("acknowledgedBy")).isEqualTo("CN=operator,O=Clinic");
        assertThat(site.control.calls)
                .containsExactly("acknowledge for PT2H: der Händler kommt by CN=operator,O=Clinic");
        assertThat(site.as(
                                "operator",
                                "POST",
                                "/v1/incidents/none:ack",
                                "{\"seconds\":60,\"note\":\"x\"}",
                                "Content-Type",
                                "application/json")
                        .statusCode())
                .isEqualTo(404);
    }

    private HttpResponse<String> signed(String who, String id, String key) {
        return site.as(
                who,
                "POST",
                "/v1/approvals/" + id + ":sign",
                "{\"key\":\"" + key + "\",\"signature\":\"" + "A".repeat(86) + "==\"}",
                "Content-Type",
                "application/json");
    }

    @Test
    void anApproverSeesWhatWasRequestedAndBringsASignature() {
        Members requested = first(site.as("approver", "GET", "/v1/approvals", ""), "approvals");
        assertThat(requested.text("id")).isEqualTo(FakeControl.APPROVAL);
        assertThat(requested.text("operation")).isEqualTo("forget");
        assertThat(requested.members("parameters").text("snapshots")).isEqualTo("c0ffee");
        assertThat(requested.text("text")).contains(FakeControl.APPROVAL);

        Members approval = Site.json(signed("approver", FakeControl.APPROVAL, "00112233445566aa"))
                .members("approval");
        assertThat(approval.items("approvers")).hasSize(1);
        assertThat(site.control.calls).containsExactly("sign by CN=approver,O=Clinic");
        assertThat(signed("approver", FakeControl.APPROVAL, "ffffffffffffffff").statusCode())
                .isEqualTo(403);
        assertThat(signed("approver", "0".repeat(32), "00112233445566aa").statusCode())
                .isEqualTo(404);
        assertThat(signed("approver", FakeControl.APPROVAL, "no key").statusCode())
                .isEqualTo(400);
        assertThat(signed("operator", FakeControl.APPROVAL, "00112233445566aa").statusCode())
                .isEqualTo(403);
    }

    @Test
    void theTimeOfAnAcknowledgementMayBeAnyNumber() {
        for (String number : List.of("3421.0", "90.5", "1e3")) {
            assertThat(site.as(
                                    "operator",
                                    "POST",
                                    "/v1/incidents/" + FakeControl.INCIDENT + ":ack",
                                    "{\"seconds\":" + number + ",\"note\":\"x\"}",
                                    "Content-Type",
                                    "application/json")
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(site.control.calls)
                .extracting(call -> call.replaceAll("acknowledge for (.+): x by .*", "$1"))
                .containsExactly("PT57M1S", "PT1M30.5S", "PT16M40S");
    }

    @Test
    void theForecastNamesWhoseRpoWillBeMissed() {
        Members forecast = Site.json(site.send("GET", "/v1/forecast?hours=48"));

        assertThat(forecast.find("met")).contains(new JsonValue.Truth(false));
        assertThat(forecast.text("until"))
                .isEqualTo(site.time.now().plusSeconds(48 * 3600).toString());
        assertThat(((Members) forecast.items("jobs").getFirst()).find("seconds"))
                .contains(new JsonValue.Whole(1200));
        assertThat(((Members) forecast.items("jobs").getLast()).find("breach")).isPresent();
        assertThat(Site.json(site.send("GET", "/v1/forecast")).text("until"))
                .isEqualTo(site.time.now().plusSeconds(24 * 3600).toString());
    }

    @Test
    void objectsAreShownWithTheirRpo() {
        Members ehr = first(site.send("GET", "/v1/objects"), "objects");

        assertThat(ehr.members("rpo").find("met")).contains(new JsonValue.Truth(false));
        assertThat(ehr.whole("copiesMissing")).isEqualTo(1);
    }

    @Test
    void theRestorePointsOfAJobAreShownWithWhereTheyLieAndWhenTheyWereProven() {
        Members answer = Site.json(site.send("GET", "/v1/jobs/nightly/restore-points"));

        assertThat(answer.items("restorePoints")).hasSize(2);
        Members newest = (Members) answer.items("restorePoints").getFirst();
        assertThat(newest.text("id")).isEqualTo("a".repeat(32));
        assertThat(newest.text("time")).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(newest.text("kind")).isEqualTo("COMPLETE");
        Members here = (Members) newest.items("targets").getFirst();
        assertThat(here.text("name")).isEqualTo("repository");
        assertThat(here.members("verified").text("level")).isEqualTo("CONTENT");
        assertThat(here.members("verified").find("whole")).contains(new JsonValue.Truth(true));
        assertThat(((Members) newest.items("targets").getLast()).find("verified"))
                .isEmpty();
        assertThat(Site.json(site.send("GET", "/v1/jobs/nightly/restore-points?limit=1"))
                        .items("restorePoints"))
                .hasSize(1);
        assertThat(site.send("GET", "/v1/jobs/absent/restore-points").statusCode())
                .isEqualTo(404);
        assertThat(site.send("GET", "/v1/jobs/nightly/restore-points?limit=0").statusCode())
                .isEqualTo(400);
    }

    @Test
    void metricsAreTextForPrometheus() {
        HttpResponse<String> metrics = site.as(
                "monitor",
                "GET",
                "/metrics",
                null,
                "Accept",
                "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.1");

        assertThat(metrics.body()).contains("medbackup_up 1\n");
        assertThat(metrics.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void healthSaysWhatIsWrongAndWhatToDo() {
        assertThat(site.send("GET", "/health/live").statusCode()).isEqualTo(200);
        assertThat(site.send("GET", "/health/ready").statusCode()).isEqualTo(200);

        site.control.health =
                new Health(true, List.of(new HealthFinding(ErrorCode.STORE_UNAVAILABLE, "no target answers", true)));
        HttpResponse<String> ready = site.send("GET", "/health/ready");

        assertThat(site.send("GET", "/health/live").statusCode()).isEqualTo(200);
        assertThat(ready.statusCode()).isEqualTo(503);
        Members finding = first(ready, "findings");
        assertThat(finding.text("code")).isEqualTo("STORE_UNAVAILABLE");
        assertThat(finding.text("remedy")).isEqualTo(ErrorCode.STORE_UNAVAILABLE.remedy());

        site.control.health = new Health(false, List.of());
        assertThat(site.send("GET", "/health/live").statusCode()).isEqualTo(503);
        assertThat(site.send("GET", "/health/ready").statusCode()).isEqualTo(503);
    }

    @Test
    void theDocumentIsServedAsItIsCheckedIn() {
        assertThat(site.as("worker", "GET", "/openapi.json", null).body()).isEqualTo(ControlServer.openApi());
    }

    @Test
    void failuresAreProblemsWithOurCodeAndWhatToDo() {
        site.control.failure = ErrorCode.STATE_UNUSABLE.because("no room").with("state", "/var/lib/x");
        HttpResponse<String> failed = site.send("GET", "/v1/jobs");
        site.control.failure = ErrorCode.STORE_UNAVAILABLE.because("no answer");
        HttpResponse<String> away = site.send("GET", "/v1/jobs");
        site.control.failure = ErrorCode.REFUSED_BY_POLICY.because("not at night");
        HttpResponse<String> refused = site.send("GET", "/v1/jobs");

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(Site.json(failed).text("detail")).isEqualTo("The state folder cannot be used: no room");
        assertThat(Site.json(failed).text("remedy")).isEqualTo(ErrorCode.STATE_UNUSABLE.remedy());
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("retry-after")).contains("5");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(site.send("GET", "/v1/jobs/other").statusCode()).isEqualTo(404);
        assertThat(site.send("GET", "/v1/runs/other").statusCode()).isEqualTo(404);
    }

    @Test
    void whatNobodyHasForeseenIsToldToTheServersLogAlone() {
        site.control.failure = new IllegalStateException("Meier, Anna");

        HttpResponse<String> failed = site.send("GET", "/v1/jobs");

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).contains("INTERNAL").doesNotContain("Meier");
        assertThat(site.unforeseen).singleElement().isSameAs(site.control.failure);
    }
}
