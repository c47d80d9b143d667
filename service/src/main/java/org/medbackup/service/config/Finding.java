package org.medbackup.service.config;

/**
 * Something about a configuration that somebody has to know.
 *
 * @param severity whether it can be used as it is
 * @param line of the file, from 1
 * @param key path of names with dots between them, such as {@code applications.ehr.url}; empty for the whole file
 * @param message what is wrong; no secret
 * @param remedy what to do about it
 */
public record Finding(Severity severity, int line, String key, String message, String remedy) {

    /** How bad it is. */
    public enum Severity {
        /** The configuration cannot be used. */
        ERROR,
        /** It can be used, but something in it will fail or is not as it should be. */
        WARNING
    }

    /** One line for people. */
    public String text() {
        return "line " + line + (key.isEmpty() ? "" : ", " + key) + ": " + message;
    }
}
