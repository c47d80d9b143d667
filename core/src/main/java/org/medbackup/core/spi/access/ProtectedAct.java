package org.medbackup.core.spi.access;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is about to be done to what protects restore points, exactly. Immutable.
 *
 * @param kind what
 * @param repository id of the repository that it is done to; empty where it is done to this host
 * @param parameters by name; never a path or anything else that can hold patient data
 */
public record ProtectedAct(Kind kind, String repository, SortedMap<String, String> parameters) {

    public ProtectedAct {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    /** The same with names in no order. */
    public ProtectedAct(Kind kind, String repository, Map<String, String> parameters) {
        this(kind, repository, new TreeMap<>(parameters));
    }

    /** What can be done. */
    public enum Kind {
        /** Named restore points are given up. */
        FORGET("forget"),
        /** Restore points are given up by rules. */
        EXPIRE("expire"),
        /** A legal hold is released. */
        RELEASE_HOLD("hold-release"),
        /** Somebody gets a key, or a key is written down. */
        GIVE_KEY("key-give"),
        /** A key counts no more, or another password opens. */
        TAKE_KEY("key-take"),
        /** A policy that protects less comes into force. */
        WEAKEN_POLICY("policy-weaken"),
        /** A suspect restore point is said to be good, so that expiry of its source goes on. */
        CLEAR_SUSPICION("anomaly-clear");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As it is written. */
        public String word() {
            return word;
        }
    }
}
