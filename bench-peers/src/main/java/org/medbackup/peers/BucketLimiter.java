package org.medbackup.peers;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import org.medbackup.bench.Limiter;

/** Bucket4j's: a bucket of what a second allows, filled steadily, as its manual has it. */
public final class BucketLimiter implements Limiter {

    @Override
    public String name() {
        return "bucket4j";
    }

    @Override
    public Opened open(long rate) {
        Bucket bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(rate).refillGreedy(rate, Duration.ofSeconds(1)))
                .build();
        return new Waiting(bytes -> bucket.asBlocking().consumeUninterruptibly(bytes));
    }
}
