package org.medbackup.core;

import java.security.SecureRandom;

/** Randomness of the operating system. */
enum SystemEntropy implements Entropy {
    INSTANCE;

    private final SecureRandom random = new SecureRandom();

    @Override
    public void fill(byte[] target) {
        random.nextBytes(target);
    }
}
