package org.medbackup.recovery.rotation;

import java.util.SplittableRandom;
import java.util.zip.CRC32;

/**
 * A share of the files of a restore point. Whether a file is in it depends on its path and the seed alone, so that the sample can
 * be made again without being written down. Immutable.
 *
 * @param share of the files, above 0 and up to 1
 * @param seed of the draw
 */
public record FileSample(double share, long seed) {

    public FileSample {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("a sample is above nothing and not more than all: " + share);
        }
    }

    /** Whether a file is in it. */
    public boolean takes(byte[] path) {
        return place(path) < share;
    }

    /** Where between 0 and 1 a file stands in the draw; the first of all stands for files of which none is in the sample. */
    public double place(byte[] path) {
        var sum = new CRC32();
        sum.update(path);
        return new SplittableRandom(seed ^ sum.getValue() * 0x9E3779B97F4A7C15L).nextDouble();
    }
}
