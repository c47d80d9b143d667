package org.medbackup.recovery.evidence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** What a drill is evidence for. It says what was shown, never that a law is met: that is for those who answer for it. */
public final class Requirements {

    private Requirements() {}

    /** The requirements of the HIPAA Security Rule in force that a drill contributes to, as members of its document. */
    public static JsonValue of(Members document) {
        List<Members> applications = Said.objects(document, "applications");
        boolean something = !applications.isEmpty();
        List<Map<String, Object>> requirements = new ArrayList<>();
        requirements.add(requirement(
                "45 CFR 164.308(a)(7)(ii)(B), disaster recovery plan",
                "in force; required",
                "Establish (and implement as needed) procedures to restore any loss of data.",
                something
                        ? "carried a plan of recovery out in its order and under its limits, with times and checks beside its"
                                + " objectives; that the results are reviewed and certified by management is to be added below"
                        : "not assessed: no application was recovered"));
        requirements.add(requirement(
                "45 CFR 164.308(a)(7)(ii)(D), testing and revision procedures",
                "in force; addressable, so that an alternative is documented where it is not done",
                "Implement procedures for periodic testing and revision of contingency plans.",
                something
                        ? "a test with its date, who carried it out, its prediction, what was measured, and corrective actions"
                                + " where they were named"
                        : "not assessed: no application was recovered"));
        return JsonValue.of(requirements);
    }

    private static Map<String, Object> requirement(String citation, String standing, String asks, String shows) {
        var members = new LinkedHashMap<String, Object>();
        members.put("citation", citation);
        members.put("standing", standing);
        members.put("asks", asks);
        members.put("shows", shows);
        return members;
    }
}
