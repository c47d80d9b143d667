package org.medbackup.policy;

import java.time.Duration;
import java.util.List;

/**
 * Where a file goes, and why. The same file and the same policy give the same decision, always.
 *
 * @param tier name of the tier
 * @param retention name of the retention class
 * @param keyDomain name of the domain whose keys seal it
 * @param copies how many there are at least
 * @param rto by when it has to be back at the latest; zero where no rule says so
 * @param quarantined whether no tier was left that may take it; then it goes to the one for such, and somebody has to look
 * @param trace what decided, in order
 */
public record Decision(
        String tier,
        String retention,
        String keyDomain,
        int copies,
        Duration rto,
        boolean quarantined,
        List<Step> trace) {

    public Decision {
        trace = List.copyOf(trace);
    }

    /**
     * What decided one field.
     *
     * @param rule id of the rule; empty for the policy itself, its defaults or its limits
     * @param field that was decided
     * @param value it got
     * @param reason for people; nothing of the file stands in it
     */
    public record Step(String rule, String field, String value, String reason) {}
}
