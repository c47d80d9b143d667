package org.medbackup.testkit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * Lets everything pass, a little at a time, and counts what was used. Safe for use by several threads.
 */
public final class CountingThrottle implements Throttle {

    private final long most;
    private final Map<Resource, Long> used = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger firsts = new AtomicInteger();

    /** Grants at most so much at a time. */
    public CountingThrottle(long most) {
        this.most = most;
    }

    /** What was committed of a resource. */
    public long used(Resource resource) {
        return used.getOrDefault(resource, 0L);
    }

    /** How often somebody said that he makes a first backup. */
    public int firsts() {
        return firsts.get();
    }

    @Override
    public void first() {
        firsts.incrementAndGet();
    }

    /** How many permits nobody has closed. */
    public int open() {
        return open.get();
    }

    @Override
    public Permit acquire(Demand demand) {
        open.incrementAndGet();
        long amount = Math.min(most, demand.amount());
        return new Permit() {
            @Override
            public long amount() {
                return amount;
            }

            @Override
            public void commit(long actual) {
                if (actual > amount) {
                    throw new AssertionError("more was used than was granted");
                }
                used.merge(demand.resource(), actual, Long::sum);
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }
        };
    }
}
