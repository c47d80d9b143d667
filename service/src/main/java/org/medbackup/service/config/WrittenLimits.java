package org.medbackup.service.config;

import java.util.List;
import java.util.Map;
import org.medbackup.core.error.UsageException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.governor.Limits;

/** Limits as the file writes them: a resource and its limit, or {@code all: pause}. */
final class WrittenLimits {

    static final String ALL = "all";
    static final String PAUSE = "pause";

    /** Processor time is of the whole process, and so of restores too, which no pause stops. */
    private static final Limits EVERYTHING = Limits.parse(
            List.of("disk.read=pause", "disk.write=pause", "network.egress=pause", "network.ingress=pause"));

    private WrittenLimits() {}

    /**
     * One limit.
     *
     * @throws UsageException where it is none
     */
    static Limits read(String resource, String limit) {
        return resource.equals(ALL) && limit.equals(PAUSE) ? EVERYTHING : Limits.parse(List.of(resource + "=" + limit));
    }

    /** All limits of a member of the document; the strictest of those on the same. */
    static Limits read(Members members) {
        Limits limits = Limits.none();
        for (Map.Entry<String, JsonValue> each : members.values().entrySet()) {
            limits = limits.strictest(read(each.getKey(), text(each.getValue())));
        }
        return limits;
    }

    /** A limit as a text, whether it is written as one or as a number. */
    static String text(JsonValue value) {
        return switch (value) {
            case JsonValue.Text text -> text.value().strip();
            case JsonValue.Whole whole -> Long.toString(whole.value());
            case JsonValue.Decimal decimal -> Double.toString(decimal.value());
            default -> "";
        };
    }
}
