package org.medbackup.core;

/**
 * The only door to randomness. Keys, salts and names come from here, so that a test can fix them.
 *
 * <p>Implementations are safe for use by several threads.
 */
@FunctionalInterface
public interface Entropy {

    /** Fills the whole array. */
    void fill(byte[] target);

    /** A new array of random bytes. */
    default byte[] bytes(int length) {
        var bytes = new byte[length];
        fill(bytes);
        return bytes;
    }

    /** The operating system's generator, fit for keys. */
    static Entropy system() {
        return SystemEntropy.INSTANCE;
    }
}
