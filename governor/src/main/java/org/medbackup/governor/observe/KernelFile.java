package org.medbackup.governor.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.medbackup.core.spi.throttle.Throttle.Resource;

/**
 * A file in which the kernel counts.
 *
 * @param file read anew each time
 * @param reading its content to bytes or nanoseconds; fails where it is not what was expected
 * @param resolution bytes or nanoseconds
 */
record KernelFile(Resource resource, Path file, ToLongFunction<String> reading, long resolution)
        implements UsageSource {

    private static final double PART = 0.02;

    @Override
    public OptionalLong total() {
        try {
            return OptionalLong.of(reading.applyAsLong(Files.readString(file)));
        } catch (IOException | RuntimeException unreadable) {
            // Not every kernel has it, and it can be forbidden.
            return OptionalLong.empty();
        }
    }

    @Override
    public double share() {
        return PART;
    }
}
