package org.medbackup.recovery.plan;

/**
 * Something that is wrong with a plan.
 *
 * @param line in which it stands, from 1
 * @param key path of names with slashes between them; empty for the plan itself
 * @param message one sentence, of what the plan says alone
 */
public record PlanFault(int line, String key, String message) {

    /** As people read it. */
    public String text() {
        return "line " + line + (key.isEmpty() ? "" : ", " + key) + ": " + message;
    }
}
