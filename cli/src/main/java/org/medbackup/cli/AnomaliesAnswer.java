package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.documents.JsonValue;
import org.medbackup.engine.Suspicion;

/** Says which restore points show signs of ransomware. */
final class AnomaliesAnswer {

    private static final int SHORT = 8;

    private AnomaliesAnswer() {}

    static Answer list(List<Suspicion> all) {
        var answer = new Answer()
                .field("suspect", all.stream().map(AnomaliesAnswer::members).toList());
        if (all.isEmpty()) {
            return answer.line("no restore point is suspect");
        }
        for (Suspicion each : all) {
            String before = each.clean().isEmpty()
                    ? "no clean one before"
                    : "last clean one " + each.clean().substring(0, SHORT);
            answer.line(each.snapshot().substring(0, SHORT) + "  " + each.source() + " on " + each.host() + ", since "
                    + each.since() + ": " + String.join(", ", each.signs()) + "; " + before);
        }
        return answer;
    }

    static Answer cleared(Suspicion suspicion) {
        return new Answer()
                .field("suspect", List.of(members(suspicion)))
                .line("restore point " + suspicion.snapshot().substring(0, SHORT) + " is cleared");
    }

    private static Map<String, Object> members(Suspicion each) {
        var members = new LinkedHashMap<String, Object>();
        members.put("id", each.snapshot());
        members.put("source", each.source());
        members.put("host", each.host());
        members.put("since", each.since().toString());
        members.put("signs", each.signs());
        members.put("lastClean", each.clean().isEmpty() ? new JsonValue.Null() : each.clean());
        return members;
    }
}
