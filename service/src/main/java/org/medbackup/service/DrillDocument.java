package org.medbackup.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.medbackup.core.event.Actor;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.recovery.evidence.Accuracy;
import org.medbackup.recovery.evidence.CorrectiveAction;
import org.medbackup.recovery.evidence.Requirements;
import org.medbackup.recovery.learn.DrillRecord;
import org.medbackup.recovery.plan.Envelope;
import org.medbackup.recovery.plan.Objectives;
import org.medbackup.recovery.plan.PlanPrediction;
import org.medbackup.recovery.plan.PlanPrediction.Outlook;
import org.medbackup.recovery.plan.PlannedApplication;
import org.medbackup.recovery.plan.RecoveryPlan;

/** The whole document of a drill: what {@link DrillReport} says of it, its plan, and what an auditor asks for. */
final class DrillDocument {

    private final PlanPrediction prediction;
    private final Optional<RecoveryPlan> plan;
    private final Map<String, Object> members;

    /**
     * One for a drill.
     *
     * @param plan that it carried out, where it is at hand; another one is passed over
     */
    DrillDocument(DrillResult result, Optional<RecoveryPlan> plan) {
        this.prediction = result.prediction();
        this.plan = plan.filter(each -> each.digest().equals(prediction.plan()));
        this.members = new LinkedHashMap<>(((Members) JsonValue.of(DrillReport.members(result))).values());
    }

    /**
     * The document.
     *
     * @param earlier drills of this site
     */
    Members document(
            EvidenceRequest request,
            List<DrillRecord> earlier,
            Actor actor,
            Map<String, Object> environment,
            Map<String, Object> audit) {
        plan.ifPresent(each -> members.put("envelope", envelope(each.envelope())));
        List<JsonValue> applications = new ArrayList<>();
        if (members.get("applications") instanceof JsonValue.Items items) {
            items.values().forEach(each -> applications.add(application((Members) each)));
        }
        members.put("applications", applications);
        List<JsonValue> history = earlier.stream().map(DrillDocument::history).toList();
        if (!history.isEmpty()) {
            members.put("history", history);
            members.put("accuracy", Accuracy.of(history));
        }
        var drill = (Members) JsonValue.of(members);
        members.put("requirements", Requirements.of(drill));
        request.profile().ifPresent(each -> members.put("profile", each.of(drill)));
        if (!request.actions().isEmpty()) {
            members.put(
                    "correctiveActions",
                    request.actions().stream().map(CorrectiveAction::member).toList());
        }
        members.put("actor", actor(actor));
        members.put("environment", environment);
        if (!audit.isEmpty()) {
            members.put("audit", audit);
        }
        return (Members) JsonValue.of(members);
    }

    private static JsonValue history(DrillRecord drill) {
        var members = new LinkedHashMap<String, Object>();
        members.put("drill", drill.id());
        members.put("began", drill.began().toString());
        members.put("predicted", Math.round(drill.predicted() * 1_000) / 1e3);
        members.put("actual", Math.round(drill.actual() * 1_000) / 1e3);
        members.put("errorPercent", Math.round(drill.error() * 1_000) / 10.0);
        members.put("within", drill.isWithin());
        return JsonValue.of(members);
    }

    private static Map<String, Object> actor(Actor actor) {
        var members = new LinkedHashMap<String, Object>();
        members.put("name", actor.name());
        if (actor.reason() != null) {
            members.put("reason", actor.reason());
        }
        if (actor.purpose() != null) {
            members.put("purpose", actor.purpose());
        }
        return members;
    }

    private static Map<String, Object> envelope(Envelope envelope) {
        var members = new LinkedHashMap<String, Object>();
        members.put("parallel", envelope.parallel());
        members.put("read", envelope.read());
        members.put("write", envelope.write());
        members.put("processors", envelope.processors());
        return members;
    }

    private JsonValue application(Members measured) {
        String name = measured.text("name");
        var all = new LinkedHashMap<String, Object>(measured.values());
        Optional.ofNullable(plan.map(RecoveryPlan::applications)
                        .orElseGet(LinkedHashMap::new)
                        .get(name))
                .map(PlannedApplication::objectives)
                .ifPresent(objectives -> put(all, objectives));
        Outlook outlook = prediction.applications().get(name);
        if (outlook != null) {
            all.put("predictedEnd", seconds(outlook.expected()));
        }
        List<Map<String, Object>> stages = new ArrayList<>();
        for (PlanPrediction.Span each : prediction.stages()) {
            if (each.name().startsWith(name + "/")) {
                var stage = new LinkedHashMap<String, Object>();
                stage.put("name", each.name().substring(name.length() + 1));
                stage.put("begin", seconds(each.begin()));
                stage.put("end", seconds(each.end()));
                stages.add(stage);
            }
        }
        all.put("predictedStages", stages);
        return JsonValue.of(all);
    }

    private static void put(Map<String, Object> application, Objectives objectives) {
        if (objectives.mtd().isPositive()) {
            application.put("mtd", seconds(objectives.mtd()));
        }
        if (objectives.wrt().isPositive()) {
            application.put("wrt", seconds(objectives.wrt()));
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
