package org.medbackup.service;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.medbackup.service.DrillResult.Check;
import org.medbackup.service.DrillResult.Recovered;

/** The evidence of a drill as JSON: times, objectives, checks, and no content. */
public final class DrillReport {

    private DrillReport() {}

    /** What it says, for a document. */
    public static Map<String, Object> members(DrillResult result) {
        var members = new LinkedHashMap<String, Object>();
        members.put("drill", result.id());
        members.put("plan", result.plan());
        members.put("planDigest", result.prediction().plan());
        members.put("began", result.began().toString());
        members.put("predicted", seconds(result.prediction().expected()));
        members.put("low", seconds(result.prediction().low()));
        members.put("high", seconds(result.prediction().high()));
        members.put("seed", result.prediction().seed());
        members.put("actual", seconds(result.actual()));
        members.put("errorPercent", Math.round(result.errorPercent() * 10) / 10.0);
        members.put("objective", seconds(result.objective()));
        members.put("met", result.isMet());
        members.put(
                "applications",
                result.applications().stream().map(DrillReport::members).toList());
        members.put("cleanup", Map.of("ok", result.clean()));
        members.put("reaped", result.reaped());
        return members;
    }

    private static Map<String, Object> members(Recovered each) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", each.name());
        members.put("snapshot", each.snapshot());
        members.put("time", each.point().toString());
        members.put("begin", seconds(each.begin()));
        members.put("seconds", seconds(each.end().minus(each.begin())));
        members.put("end", seconds(each.end()));
        members.put("objective", seconds(each.rto()));
        members.put("lost", seconds(each.lost()));
        members.put("mayBeLost", seconds(each.rpo()));
        members.put("met", each.isMet());
        members.put("files", each.files());
        members.put("bytes", each.bytes());
        members.put("checks", each.checks().stream().map(DrillReport::members).toList());
        return members;
    }

    private static Map<String, Object> members(Check check) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", check.name());
        members.put("ok", check.ok());
        members.put("message", check.message());
        return members;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
