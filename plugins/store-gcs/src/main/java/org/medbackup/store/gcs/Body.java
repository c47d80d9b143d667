package org.medbackup.store.gcs;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.function.Supplier;

/**
 * What a request carries.
 *
 * @param length in bytes
 * @param stream opens it; who opened it reads it once and does not close it
 */
record Body(long length, Supplier<InputStream> stream) {

    static final Body NONE = of(new byte[0], 0);

    /** The first bytes of an array, which must not change before the answer is there. */
    static Body of(byte[] bytes, int length) {
        return new Body(length, () -> new ByteArrayInputStream(bytes, 0, length));
    }
}
