package org.medbackup.core;

import java.security.SecureRandom;

/** Randomness of the operating system. */
final class SystemEntropy implements Entropy {

    static final SystemEntropy INSTANCE = new SystemEntropy();

    private final SecureRandom random = new SecureRandom();

    private SystemEntropy() {}

    @Override
    public void fill(byte[] target) {
        random.nextBytes(target);
    }
}
