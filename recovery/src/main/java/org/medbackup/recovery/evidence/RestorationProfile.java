package org.medbackup.recovery.evidence;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** A limit on restoration beside the plan's own objectives, that a drill may be held against. */
public enum RestorationProfile {

    /** The proposed change of the HIPAA Security Rule, 90 FR 898 of 6 January 2025. */
    PROPOSED_2025(
            "proposed-2025",
            Duration.ofDays(3),
            "a proposal (90 FR 898, 6 January 2025), not law when this program was made; the number of its paragraph is not"
                    + " confirmed",
            "in short: critical systems and their data are restored within 72 hours of their loss");

    private final String label;
    private final Duration limit;
    private final String standing;
    private final String asks;

    RestorationProfile(String label, Duration limit, String standing, String asks) {
        this.label = label;
        this.limit = limit;
        this.standing = standing;
        this.asks = asks;
    }

    /** The profile of a name, such as {@code proposed-2025}; empty for any other. */
    public static Optional<RestorationProfile> named(String name) {
        return Stream.of(values()).filter(each -> each.label.equals(name)).findFirst();
    }

    /** By what it is called. */
    public String label() {
        return label;
    }

    /**
     * How a drill stands to it, as a member of its document: within, where something was recovered, all of it in time, and all
     * checks passed.
     */
    public JsonValue of(Members document) {
        List<Members> applications = Said.objects(document, "applications");
        double seconds = limit.toSeconds();
        boolean within = !applications.isEmpty()
                && Said.objects(document, "applications").stream()
                        .allMatch(each ->
                                isSound(each) && Said.number(each, "end").orElse(Double.POSITIVE_INFINITY) <= seconds)
                && Said.or(document, "notBegun", "").equals(Said.UNSAID);
        var members = new LinkedHashMap<String, Object>();
        members.put("name", label);
        members.put("standing", standing);
        members.put("asks", asks);
        members.put("limit", limit.toSeconds());
        document.find("actual").ifPresent(actual -> members.put("seconds", actual));
        members.put("within", within);
        return JsonValue.of(members);
    }

    private static boolean isSound(Members application) {
        List<Members> checks = Said.objects(application, "checks");
        return !checks.isEmpty() && checks.stream().allMatch(each -> Said.isTrue(each, "ok"));
    }
}
