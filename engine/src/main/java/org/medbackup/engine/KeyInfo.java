package org.medbackup.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key of a repository, without the key.
 *
 * @param id what names it in the repository
 * @param kind what it is for
 * @param role whose it is, or what is sealed to a pair
 * @param name of the holder or the key domain, for people; may be empty
 * @param algorithm how it works
 * @param created when, or null where the repository does not tell
 * @param state whether it is in use
 */
public record KeyInfo(
        String id,
        Kind kind,
        String role,
        String name,
        String algorithm,
        @Nullable Instant created,
        State state) {

    /** What a key is for. */
    public enum Kind {
        /** The owner's keys, sealed under a password. */
        PASSWORD,
        /** Signs restore points or results. */
        SIGNER,
        /** Data, names or references are sealed to it. */
        PAIR
    }

    /** Whether a key is in use. */
    public enum State {
        /** In use. */
        ACTIVE,
        /** Opens what was sealed to it; new packs are sealed to another. */
        SUPERSEDED,
        /** What it signs from now on counts no more. */
        REVOKED
    }
}
