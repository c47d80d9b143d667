package org.medbackup.core.spi.access;

import java.time.Instant;
import org.medbackup.core.Secret;

/**
 * Proves whom a token names. Implemented by an adapter, found by {@link java.util.ServiceLoader}. Safe for use by several threads.
 */
public interface TokenVerifier {

    /**
     * What a token has to be.
     *
     * @param issuer who issued it
     * @param audience for whom it is
     * @param keys where the issuer's public keys lie: a file, or an address with https
     */
    record Expected(String issuer, String audience, String keys) {}

    /**
     * Proves a token.
     *
     * @param now until when it has to hold
     * @return the subject
     * @throws org.medbackup.core.error.UsageException with {@code IDENTITY_UNPROVEN} where it is not that, was not signed by the
     *     issuer, has ended, or the keys cannot be had
     */
    String subject(Secret token, Expected expected, Instant now);
}
