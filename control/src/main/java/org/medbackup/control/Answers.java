package org.medbackup.control;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.health.Health;
import org.medbackup.core.health.HealthFinding;
import org.medbackup.documents.JsonValue;

/** Each call of the API, as the one call of {@link BackupControl} that it is. */
final class Answers {

    private static final int PAGE = 50;
    private static final int HOURS = 24;

    private final BackupControl control;
    private final Supplier<String> metrics;
    private final Supplier<List<HealthFinding>> findings;
    private final ApiDocument document;
    private final TimeSource time;

    Answers(
            BackupControl control,
            Supplier<String> metrics,
            Supplier<List<HealthFinding>> findings,
            ApiDocument document,
            TimeSource time) {
        this.control = control;
        this.metrics = metrics;
        this.findings = findings;
        this.document = document;
        this.time = time;
    }

    Reply answer(Call call) {
        return switch (call.route()) {
            case LIST_JOBS -> Reply.json(200, Views.all("jobs", control.jobs(), Views::job));
            case GET_JOB -> job(control.job(call.value("name")));
            case LIST_RESTORE_POINTS -> {
                int most = Math.toIntExact(call.whole("limit", PAGE));
                yield Reply.json(
                        200,
                        Views.all(
                                "restorePoints", control.restorePoints(call.value("name"), most), Views::restorePoint));
            }
            case START_JOB -> started(call);
            case PAUSE_JOB -> job(control.pause(call.value("name"), call.actor()));
            case RESUME_JOB -> job(control.resume(call.value("name"), call.actor()));
            case CANCEL_JOB -> run(202, control.cancelJob(call.value("name"), call.actor()));
            case LIST_RUNS -> Reply.json(200, Views.runs(control.runs(query(call))));
            case GET_RUN -> run(200, control.run(call.value("id")));
            case CANCEL_RUN -> run(202, control.cancelRun(call.value("id"), call.actor()));
            case STREAM_EVENTS -> stream(call);
            case LIST_INCIDENTS -> Reply.json(200, Views.all("incidents", control.incidents(), Views::incident));
            case ACKNOWLEDGE_INCIDENT -> acknowledged(call);
            case LIST_APPROVALS -> Reply.json(200, Views.all("approvals", control.approvals(), Views::approval));
            case SIGN_APPROVAL -> signed(call);
            case GET_FORECAST -> forecast(call.whole("hours", HOURS));
            case LIST_OBJECTS -> Reply.json(200, Views.all("objects", control.objects(), Views::object));
            case GET_METRICS -> Reply.text(200, "text/plain; version=0.0.4; charset=utf-8", metrics.get());
            case GET_LIVE -> health(true);
            case GET_READY -> health(false);
            case GET_OPEN_API -> Reply.text(200, Reply.JSON, document.text());
        };
    }

    private static Reply job(JobView job) {
        return Reply.json(200, Views.one("job", Views.job(job)));
    }

    private static Reply.Document run(int status, RunView run) {
        return Reply.json(status, Views.one("run", Views.run(run)));
    }

    private Reply started(Call call) {
        RunView run = control.startJob(call.value("name"), call.value("Idempotency-Key"), call.actor());
        return run(202, run).with("Location", "/v1/runs/" + run.id());
    }

    private Reply stream(Call call) {
        // Where there is no such run, it is better to know before the stream has begun.
        String run = control.run(call.value("id")).id();
        return new Reply.Stream(run, call.whole("Last-Event-ID", 0) + 1);
    }

    private static RunQuery query(Call call) {
        String state = call.find("state");
        return new RunQuery(
                call.find("job"), state(state), call.find("cursor"), Math.toIntExact(call.whole("limit", PAGE)));
    }

    private static @Nullable RunState state(@Nullable String name) {
        return name == null ? null : RunState.valueOf(name);
    }

    private Reply acknowledged(Call call) {
        Duration until = seconds(call.body().find("seconds").orElseThrow());
        IncidentView incident =
                control.acknowledge(call.value("id"), until, call.body().text("note"), call.actor());
        return Reply.json(200, Views.one("incident", Views.incident(incident)));
    }

    private Reply signed(Call call) {
        ApprovalView approval = control.sign(
                call.value("id"), call.body().text("key"), call.body().text("signature"), call.actor());
        return Reply.json(200, Views.one("approval", Views.approval(approval)));
    }

    private static Duration seconds(JsonValue number) {
        double seconds =
                number instanceof JsonValue.Decimal decimal ? decimal.value() : ((JsonValue.Whole) number).value();
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private Reply forecast(long hours) {
        return Reply.json(200, Views.forecast(control.forecast(time.now().plus(Duration.ofHours(hours)))));
    }

    private Reply health(boolean liveOnly) {
        Health health = control.health().with(findings.get());
        boolean good = liveOnly ? health.live() : health.ready();
        return Reply.json(good ? 200 : 503, Views.health(health, good));
    }
}
