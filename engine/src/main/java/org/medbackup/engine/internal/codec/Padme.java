package org.medbackup.engine.internal.codec;

/**
 * The padding rule Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
 * PETS 2019): lengths are rounded up so that of a length L only about log log L bits can be learnt, for at most 12 %
 * more.
 */
public final class Padme {

    private Padme() {}

    /** The smallest allowed length that is not below the given one. */
    public static long padded(long length) {
        if (length < 2) {
            return length;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(length);
        int significant = 32 - Integer.numberOfLeadingZeros(exponent);
        int free = Math.max(0, exponent - significant);
        long mask = (1L << free) - 1;
        return length + mask & ~mask;
    }
}
