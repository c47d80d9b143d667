package org.medbackup.engine;

/**
 * What is chosen for a repository when it is made.
 *
 * @param derivation how the password is stretched
 * @param signatures how restore points, results and certificates are signed, for as long as the repository lives
 */
public record RepositoryOptions(KeyDerivation derivation, Signatures signatures) {

    /** Argon2id and Ed25519. */
    public static final RepositoryOptions USUAL = new RepositoryOptions(KeyDerivation.ARGON2ID, Signatures.ED25519);

    /** How is signed. */
    public enum Signatures {
        /** Ed25519 (RFC 8032). */
        ED25519,

        /**
         * Ed25519 and ML-DSA-65 (FIPS 204), both of which must hold: signatures that a quantum computer does not forge, at
         * 3.3 KiB each. Programs that do not know it refuse the repository.
         */
        HYBRID
    }
}
