package org.medbackup.recovery.plan;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A check of what was recovered.
 *
 * @param kind of it
 * @param settings by name, as the plan writes them; no secrets
 */
public record PlannedCheck(Kind kind, SortedMap<String, String> settings) {

    public PlannedCheck {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    /** Without settings. */
    public static PlannedCheck of(Kind kind) {
        return new PlannedCheck(kind, new TreeMap<>(Map.of()));
    }

    /** What is checked. */
    public enum Kind {
        /** Each file has the sum that was taken at the backup. */
        HASHES,
        /** The application's own check of its data, such as pg_amcheck. */
        APPLICATION,
        /** A statement whose answer is a number or a text that the plan names. */
        SQL,
        /** An address answers with a status. */
        HTTP,
        /** A port takes connections. */
        TCP,
        /** A program ends with 0. */
        COMMAND
    }
}
