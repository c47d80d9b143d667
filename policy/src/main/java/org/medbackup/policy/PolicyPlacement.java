package org.medbackup.policy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.LockGeneration;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;

/**
 * Places the files of one backup as a policy says: classifies each by its first bytes and decides. Immutable.
 *
 * @param policy in force
 * @param classifier that says what a file is
 * @param now of the backup, at which ages are taken, so that all its files are judged by one clock
 */
public record PolicyPlacement(Policy policy, Classifier classifier, Instant now) implements PlacementPolicy {

    @Override
    public Placement place(FileFacts facts, Supplier<ByteBuffer> head) {
        return place(facts, classify(facts, head));
    }

    /** What a file is. */
    public Classification classify(FileFacts facts, Supplier<ByteBuffer> head) {
        return classifier.classify(facts, head.get());
    }

    /** Where a file goes that is this. */
    public Placement place(FileFacts facts, Classification what) {
        Decision decision = policy.decide(facts, what, now);
        return new Placement(
                decision.keyDomain(), decision.tier(), decision.retention(), lockGeneration(decision.retention()));
    }

    @Override
    public int lockGeneration() {
        return policy.retention().values().stream()
                .mapToInt(this::lockGeneration)
                .max()
                .orElse(0);
    }

    @Override
    public int lockGeneration(String retentionClass) {
        RetentionClass kept = policy.retention().get(retentionClass);
        return kept == null ? 0 : lockGeneration(kept);
    }

    private int lockGeneration(RetentionClass kept) {
        return kept.lock().isZero()
                ? 0
                : LockGeneration.lasting(
                        now.atOffset(ZoneOffset.UTC).plus(kept.lock()).toInstant());
    }

    @Override
    public String digest() {
        return policy.digest();
    }
}
