package org.medbackup.recovery.evidence;

import java.util.LinkedHashMap;
import java.util.List;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** How good the predictions of a site have been. */
public final class Accuracy {

    private static final int TOLERANCE = 10;

    private Accuracy() {}

    /**
     * The share of earlier drills that came out as predicted, as a member of a drill's document.
     *
     * @param history objects with a member {@code within}
     */
    public static JsonValue of(List<JsonValue> history) {
        long within = history.stream()
                .filter(each -> each instanceof Members members && Said.isTrue(members, "within"))
                .count();
        var members = new LinkedHashMap<String, Object>();
        members.put("drills", history.size());
        members.put("tolerancePercent", TOLERANCE);
        members.put("within", within);
        if (!history.isEmpty()) {
            members.put("withinPercent", Math.round(within * 1_000.0 / history.size()) / 10.0);
        }
        return JsonValue.of(members);
    }
}
