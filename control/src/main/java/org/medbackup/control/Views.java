package org.medbackup.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.health.Health;
import org.medbackup.documents.JsonValue;

/** Views as JSON, with the names of {@code openapi.json}. */
final class Views {

    private Views() {}

    /** A document that says that all went well. */
    static JsonValue answer(Map<String, @Nullable Object> members) {
        Map<String, @Nullable Object> whole = new LinkedHashMap<>();
        whole.put("ok", true);
        whole.putAll(members);
        return JsonValue.of(whole);
    }

    static JsonValue one(String name, JsonValue value) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put(name, value);
        return answer(members);
    }

    static <T> JsonValue all(String name, Collection<T> values, Function<T, JsonValue> view) {
        return one(name, items(values, view));
    }

    private static <T> JsonValue items(Collection<T> values, Function<T, JsonValue> view) {
        return new JsonValue.Items(values.stream().map(view).toList());
    }

    static JsonValue job(JobView job) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("name", job.name());
        members.put("paused", job.paused());
        members.put("next", time(job.next()));
        members.put("last", job.last() == null ? null : run(job.last()));
        members.put("rpo", rpo(job.rpo()));
        return JsonValue.of(members);
    }

    private static JsonValue rpo(RpoView rpo) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("target", seconds(rpo.target()));
        members.put("actual", seconds(rpo.actual()));
        members.put("met", rpo.met());
        return JsonValue.of(members);
    }

    static JsonValue run(RunView run) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", run.id());
        members.put("job", run.job());
        members.put("state", run.state());
        members.put("created", time(run.created()));
        members.put("started", time(run.started()));
        members.put("ended", time(run.ended()));
        members.put("seconds", seconds(run.took()));
        members.put("snapshot", run.snapshot());
        members.put("attempts", run.attempts());
        members.put("by", run.by());
        members.put("errors", items(run.errors(), Views::failure));
        return JsonValue.of(members);
    }

    private static JsonValue failure(RunFailure failure) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("code", failure.code());
        members.put("message", failure.message());
        members.put("remedy", failure.code().remedy());
        return JsonValue.of(members);
    }

    static JsonValue runs(RunPage page) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("runs", items(page.runs(), Views::run));
        members.put("next", page.next());
        return answer(members);
    }

    static JsonValue progress(String run, RunProgress progress) {
        Map<String, @Nullable Object> eta = new LinkedHashMap<>();
        eta.put("p50", seconds(progress.left()));
        eta.put("p90", seconds(progress.leftAtMost()));
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("run", run);
        members.put("seq", progress.seq());
        members.put("time", time(progress.time()));
        members.put("state", progress.state());
        members.put("phase", progress.phase());
        members.put("files", progress.files());
        members.put("bytes", progress.bytes());
        members.put("totalFiles", progress.totalFiles() < 0 ? null : progress.totalFiles());
        members.put("totalBytes", progress.totalBytes() < 0 ? null : progress.totalBytes());
        members.put("rate", progress.rate() < 0 ? null : progress.rate());
        members.put("eta", eta);
        members.put("retries", progress.retries());
        members.put("trace", progress.trace());
        return JsonValue.of(members);
    }

    static JsonValue incident(IncidentView incident) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", incident.id());
        members.put("severity", incident.severity());
        members.put("since", time(incident.since()));
        members.put("cause", incident.cause());
        members.put("resource", incident.resource());
        members.put("members", incident.members());
        members.put("remedy", incident.remedy());
        members.put("state", incident.state());
        members.put("acknowledgedBy", incident.acknowledgedBy());
        members.put("acknowledgedUntil", time(incident.acknowledgedUntil()));
        return JsonValue.of(members);
    }

    static JsonValue approval(ApprovalView approval) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", approval.id());
        members.put("operation", approval.operation());
        members.put("parameters", approval.parameters());
        members.put("requester", approval.requester());
        members.put("reason", approval.reason());
        members.put("state", approval.state());
        members.put("quorum", approval.quorum());
        members.put("approvers", approval.approvers());
        members.put("notBefore", time(approval.notBefore()));
        members.put("expires", time(approval.expires()));
        members.put("text", approval.text());
        return JsonValue.of(members);
    }

    static JsonValue forecast(ForecastView forecast) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("until", time(forecast.until()));
        members.put("met", forecast.met());
        members.put("jobs", items(forecast.jobs(), Views::jobForecast));
        return answer(members);
    }

    private static JsonValue jobForecast(ForecastView.JobForecast job) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("name", job.name());
        members.put("next", time(job.next()));
        members.put("seconds", seconds(job.takes()));
        members.put("breach", time(job.breach()));
        members.put("met", job.met());
        return JsonValue.of(members);
    }

    static JsonValue object(ObjectView object) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("name", object.name());
        members.put("job", object.job());
        members.put("lastSuccess", time(object.lastSuccess()));
        members.put("lastVerified", time(object.lastVerified()));
        members.put("copiesMissing", object.copiesMissing());
        members.put("rpo", rpo(object.rpo()));
        return JsonValue.of(members);
    }

    static JsonValue restorePoint(RestorePointView point) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", point.id());
        members.put("time", time(point.time()));
        members.put("kind", point.kind());
        members.put("targets", items(point.places(), Views::place));
        return JsonValue.of(members);
    }

    private static JsonValue place(RestorePointView.Place place) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("name", place.target());
        RestorePointView.Verified verified = place.verified();
        members.put(
                "verified",
                verified == null
                        ? null
                        : Map.of(
                                "time", verified.time().toString(),
                                "level", verified.level(),
                                "whole", verified.whole()));
        return JsonValue.of(members);
    }

    static JsonValue health(Health health, boolean ok) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("ok", ok);
        members.put("live", health.live());
        members.put("ready", health.ready());
        List<Map<String, Object>> findings = health.findings().stream()
                .map(each -> Map.<String, Object>of(
                        "code", each.code(),
                        "message", each.detail(),
                        "remedy", each.code().remedy(),
                        "blocking", each.blocking()))
                .toList();
        members.put("findings", findings);
        return JsonValue.of(members);
    }

    private static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static @Nullable Double seconds(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis() / 1000.0;
    }
}
