package org.medbackup.core.spi.stamp;

import java.nio.file.Path;

/** Opens time-stamps; found by {@link java.util.ServiceLoader}. */
public interface TimestampProvider {

    /**
     * Time-stamps that are trusted by some certificates.
     *
     * @param authorities PEM file
     * @throws org.medbackup.core.error.FailedException with {@code AUDIT_TIMESTAMP_FAILED} where the file cannot be read
     */
    Timestamps trusting(Path authorities);
}
