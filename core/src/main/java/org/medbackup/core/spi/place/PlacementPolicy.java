package org.medbackup.core.spi.place;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * Decides where each file goes, before it is cut. Called for every file, from one thread at a time.
 */
public interface PlacementPolicy {

    /**
     * Places one file.
     *
     * @param facts what its directory entry says
     * @param head the file's first bytes, read only when asked for; empty where it cannot be read
     */
    Placement place(FileFacts facts, Supplier<ByteBuffer> head);

    /**
     * Number of the lock generation of what every restore point needs beside data: names, references, manifests, keys. The
     * highest that {@link #place} may answer now; 0 for none.
     */
    default int lockGeneration() {
        return 0;
    }

    /** The same for data of one retention class. */
    default int lockGeneration(String retentionClass) {
        return 0;
    }

    /**
     * Within how many days each unchanged file is asked about again, so that it moves where it belongs by now; 0 for never. Each
     * backup asks about those whose turn came since the one before.
     */
    default int reviewDays() {
        return 0;
    }

    /**
     * How sensitive the data of a backup is: the most sensitive of what was placed since this was made, and of what was known
     * before; a word of the policy's own. Empty where the policy does not say.
     *
     * @param before of what the backup holds beside; empty for nothing
     */
    default String sensitivity(String before) {
        return "";
    }

    /** SHA-256 of the policy in force, 64 hexadecimal digits; stands in every manifest. */
    String digest();

    /** Everything goes to {@link Placement#DEFAULT}. */
    static PlacementPolicy single() {
        return new PlacementPolicy() {
            @Override
            public Placement place(FileFacts facts, Supplier<ByteBuffer> head) {
                return Placement.DEFAULT;
            }

            @Override
            public String digest() {
                return "0".repeat(64);
            }
        };
    }
}
