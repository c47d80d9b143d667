package org.medbackup.governor.observe;

import java.util.OptionalLong;
import org.medbackup.core.spi.throttle.Throttle.Resource;

/**
 * Counts what this process uses of a resource, without asking those who limit it. Read by one thread.
 *
 * <p>A source may see less than was used (what came from a cache never reached the disk). It must not see more, but for its
 * resolution.
 */
public interface UsageSource {

    /** What it counts. */
    Resource resource();

    /** Bytes, or nanoseconds of processor time, since some moment; empty where that cannot be told now. */
    OptionalLong total();

    /** By how much two readings may show more than was used between them under the limit: bytes or nanoseconds. */
    long resolution();

    /** The same as a part of what the limit allows, beside it. */
    double share();
}
