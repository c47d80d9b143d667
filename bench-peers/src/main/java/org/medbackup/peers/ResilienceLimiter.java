package org.medbackup.peers;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import org.medbackup.bench.Limiter;

/** Resilience4j's: so many permissions in each second of its clock. */
public final class ResilienceLimiter implements Limiter {

    @Override
    public String name() {
        return "resilience4j";
    }

    @Override
    public Opened open(long rate) {
        RateLimiter limiter = RateLimiter.of(
                "bytes",
                RateLimiterConfig.custom()
                        .limitForPeriod((int) rate)
                        .limitRefreshPeriod(Duration.ofSeconds(1))
                        .timeoutDuration(Duration.ofMinutes(1))
                        .build());
        return new Waiting(bytes -> {
            if (!limiter.acquirePermission(bytes)) {
                throw new IllegalStateException("no permission within a minute");
            }
        });
    }
}
