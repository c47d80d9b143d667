package org.medbackup.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.resilience.escalation.Acknowledgement;
import org.medbackup.resilience.escalation.Incident;

/** How an incident is shown. */
final class IncidentAnswer {

    private IncidentAnswer() {}

    static Map<String, Object> members(Incident incident) {
        var cause = new LinkedHashMap<String, Object>();
        cause.put("failure", incident.cause().failure());
        cause.put("resource", incident.cause().resource());
        cause.put("title", incident.description().title());
        var members = new LinkedHashMap<String, Object>();
        members.put("id", incident.id());
        members.put("severity", incident.severity());
        members.put("state", incident.state());
        members.put("since", incident.since().toString());
        members.put("lastSeen", incident.lastSeen().toString());
        members.put("cause", cause);
        members.put("members", incident.jobs());
        members.put("tried", incident.description().tried());
        members.put("remedy", incident.description().remedy());
        Acknowledgement acknowledged = incident.acknowledged();
        if (acknowledged != null) {
            var by = new LinkedHashMap<String, Object>();
            by.put("by", acknowledged.by());
            by.put("note", acknowledged.note());
            by.put("until", acknowledged.until().toString());
            members.put("acknowledged", by);
        }
        return members;
    }

    static List<String> lines(Incident incident) {
        List<String> lines = new ArrayList<>();
        lines.add(incident.id().substring(0, 8) + "  " + incident.severity() + "  " + incident.state() + "  since "
                + incident.since() + "  " + incident.description().title());
        lines.add("          " + incident.cause().resource()
                + (incident.jobs().isEmpty() ? "" : ", holds up " + String.join(", ", incident.jobs())) + ". "
                + incident.description().tried());
        Acknowledgement acknowledged = incident.acknowledged();
        if (acknowledged != null) {
            lines.add("          " + acknowledged.by() + " takes care of it until " + acknowledged.until()
                    + (acknowledged.note().isEmpty() ? "" : ": " + acknowledged.note()));
        }
        lines.add("          " + incident.description().remedy());
        return lines;
    }
}
