package org.medbackup.service;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.medbackup.service.DrillResult.Check;
import org.medbackup.service.DrillResult.Left;
import org.medbackup.service.DrillResult.Recovered;
import org.medbackup.service.DrillResult.Timed;

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
        members.put("regime", result.prediction().basis().regime().name());
        members.put("noise", Math.round(result.prediction().basis().noise() * 1_000) / 1e3);
        members.put("bound", Math.round(result.prediction().basis().bound() * 1_000) / 1e3);
        members.put("learnedFrom", result.prediction().basis().drills());
        members.put("actual", seconds(result.actual()));
        members.put("errorPercent", Math.round(result.errorPercent() * 10) / 10.0);
        members.put("objective", seconds(result.objective()));
        members.put("met", result.isMet());
        members.put(
                "applications",
                result.applications().stream().map(DrillReport::members).toList());
        members.put("notBegun", result.notBegun());
        members.put("cleanup", members(result.clean(), result.left()));
        members.put("reaped", result.reaped());
        members.put("partial", result.choice().isPartial());
        members.put("share", result.choice().share());
        members.put("points", result.choice().points().name().toLowerCase(Locale.ROOT));
        members.put("choiceSeed", result.choice().seed());
        return members;
    }

    private static Map<String, Object> members(boolean clean, Left left) {
        var members = new LinkedHashMap<String, Object>();
        members.put("ok", clean);
        members.put("processes", left.processes());
        members.put("files", left.files());
        members.put("sockets", left.sockets());
        return members;
    }

    private static Map<String, Object> members(Timed each) {
        var members = new LinkedHashMap<String, Object>();
        members.put("stage", each.stage().name());
        members.put("begin", seconds(each.begin()));
        members.put("end", seconds(each.end()));
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
        members.put("newest", each.newest() == null ? "" : each.newest().toString());
        members.put("lost", seconds(each.lost()));
        members.put("mayBeLost", seconds(each.rpo()));
        members.put("met", each.isMet());
        members.put("files", each.files());
        members.put("bytes", each.bytes());
        members.put("stages", each.stages().stream().map(DrillReport::members).toList());
        members.put("failed", each.failed() == null ? "" : each.failed().name());
        members.put("network", each.network().name().toLowerCase(Locale.ROOT));
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
