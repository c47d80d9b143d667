package org.medbackup.testkit;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.medbackup.core.Entropy;

/** Randomness that repeats: for tests only, never for keys that protect anything. Safe for use by several threads. */
public final class SeededEntropy implements Entropy {

    private final RandomGenerator random;

    /** The same seed gives the same bytes. */
    public SeededEntropy(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    @Override
    public synchronized void fill(byte[] target) {
        random.nextBytes(target);
    }
}
