package org.medbackup.engine;

/** How a password is stretched to a key. */
public enum KeyDerivation {
    /**
     * Argon2id of RFC 9106 with its second recommended parameters: 64 MiB, 3 passes, 4 lanes. Costs whoever guesses
     * memory too.
     */
    ARGON2ID,

    /** PBKDF2-HMAC-SHA-512 of NIST SP 800-132 with 210,000 rounds: where FIPS 140 is asked for, which has no Argon2. */
    PBKDF2
}
