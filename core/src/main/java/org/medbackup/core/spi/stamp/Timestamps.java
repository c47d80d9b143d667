package org.medbackup.core.spi.stamp;

import java.net.URI;
import java.time.Instant;

/** Tokens of time-stamping services (RFC 3161), trusted by given certificates. Safe for use by several threads. */
public interface Timestamps {

    /**
     * Asks a service to attest that a content is there now; what it answers has been checked as {@link #time} does.
     *
     * @param service of HTTP or HTTPS; it gets a SHA-256 sum, and nothing else of the content
     * @return the token, in DER
     * @throws org.medbackup.core.error.FailedException with {@code AUDIT_TIMESTAMP_FAILED} where it does not answer in time, or
     *     with something that does not hold
     */
    byte[] stamp(URI service, byte[] content);

    /**
     * When a content was there, as a token says.
     *
     * @throws org.medbackup.core.error.FailedException with {@code AUDIT_TIMESTAMP_FAILED} where it is no token of this content
     *     that a service signed whose certificate leads to one of the given
     */
    Instant time(byte[] token, byte[] content);
}
