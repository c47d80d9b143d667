package org.medbackup.peers;

import com.google.common.util.concurrent.RateLimiter;
import org.medbackup.bench.Limiter;

/** Guava's, as it comes: what a second allows is saved up while nobody asks. */
public final class GuavaLimiter implements Limiter {

    @Override
    public String name() {
        return "guava";
    }

    @Override
    @SuppressWarnings("UnstableApiUsage")
    public Opened open(long rate) {
        RateLimiter limiter = RateLimiter.create((double) rate);
        return new Waiting(limiter::acquire);
    }
}
