package org.medbackup.policy;

/**
 * Something that is wrong with a policy.
 *
 * @param line in the document, from 1
 * @param key where, such as {@code rules/3/when}
 * @param message one sentence
 */
public record PolicyFault(int line, String key, String message) {

    /** In one line. */
    public String text() {
        return "line " + line + (key.isEmpty() ? "" : ", " + key) + ": " + message;
    }
}
