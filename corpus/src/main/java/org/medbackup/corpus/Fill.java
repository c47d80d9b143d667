package org.medbackup.corpus;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Endless bytes of one kind. Each byte follows from the seed and its position, so that any stretch can be made without
 * what lies before it.
 */
enum Fill {
    /** Reads as zeros and takes no room on disk. */
    HOLE {
        @Override
        void fill(long seed, long position, byte[] target, int from, int length) {
            Arrays.fill(target, from, from + length, (byte) 0);
        }
    },
    /** Zeros that were written. */
    ZEROS {
        @Override
        void fill(long seed, long position, byte[] target, int from, int length) {
            Arrays.fill(target, from, from + length, (byte) 0);
        }
    },
    /** Bytes that do not compress. */
    RANDOM {
        @Override
        void fill(long seed, long position, byte[] target, int from, int length) {
            random(seed, position, target, from, length);
        }
    },
    /** Words and numbers of clinical notes: zstd level 1 makes 28 % of it. */
    TEXT {
        @Override
        void fill(long seed, long position, byte[] target, int from, int length) {
            inBlocks(seed, position, target, from, length, Fill::textBlock);
        }
    },
    /** Text with random stretches, mixed so finely that a probe of 4 KiB finds it compressible: zstd level 1 makes 51 %. */
    HALF {
        @Override
        void fill(long seed, long position, byte[] target, int from, int length) {
            inBlocks(seed, position, target, from, length, Fill::halfBlock);
        }
    };

    private static final int BLOCK = 4096;
    private static final int STRIPE = 512;
    private static final int RANDOM_IN_STRIPE = 136;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[][] WORDS = Words.CLINICAL.stream()
            .map(word -> (word + " ").getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);

    /** Makes the bytes from a position of the seed's stream. */
    abstract void fill(long seed, long position, byte[] target, int from, int length);

    private static void random(long seed, long position, byte[] target, int from, int length) {
        long base = SeededRandom.scatter(seed) + (position >>> 3) * SeededRandom.GAMMA;
        int skip = (int) (position & 7);
        int at = from;
        int end = from + length;
        if (skip > 0) {
            base += SeededRandom.GAMMA;
            at = lastBytes(SeededRandom.mix(base) >>> 8 * skip, target, at, Math.min(end, at + 8 - skip));
        }
        for (; at <= end - 8; at += 8) {
            base += SeededRandom.GAMMA;
            LONGS.set(target, at, SeededRandom.mix(base));
        }
        lastBytes(SeededRandom.mix(base + SeededRandom.GAMMA), target, at, end);
    }

    private static int lastBytes(long word, byte[] target, int from, int end) {
        for (int at = from; at < end; at++, word >>>= 8) {
            target[at] = (byte) word;
        }
        return Math.max(from, end);
    }

    private static void inBlocks(long seed, long position, byte[] target, int from, int length, Block block) {
        byte[] scratch = null;
        for (int done = 0; done < length; ) {
            long number = (position + done) / BLOCK;
            int skip = (int) ((position + done) % BLOCK);
            int part = Math.min(BLOCK - skip, length - done);
            if (part == BLOCK) {
                block.make(SeededRandom.of(seed, number), target, from + done);
            } else {
                scratch = scratch == null ? new byte[BLOCK] : scratch;
                block.make(SeededRandom.of(seed, number), scratch, 0);
                System.arraycopy(scratch, skip, target, from + done, part);
            }
            done += part;
        }
    }

    private static void textBlock(SeededRandom random, byte[] target, int from) {
        words(random, target, from, from + BLOCK);
    }

    private static void halfBlock(SeededRandom random, byte[] target, int from) {
        for (int at = from; at < from + BLOCK; at += STRIPE) {
            random(random.nextLong(), 0, target, at, RANDOM_IN_STRIPE);
            words(random, target, at + RANDOM_IN_STRIPE, at + STRIPE);
        }
    }

    private static void words(SeededRandom random, byte[] target, int from, int end) {
        int at = from;
        while (at < end) {
            // Six words from one draw: the draw, not the copy, would be what takes the time.
            long bits = random.nextLong();
            for (int i = 0; i < 6 && at < end; i++, bits >>>= 8) {
                byte[] word = WORDS[(int) (bits & 0xff) * WORDS.length >>> 8];
                int part = Math.min(word.length, end - at);
                System.arraycopy(word, 0, target, at, part);
                at += part;
            }
            if (bits << 60 == 0) {
                at = number(bits >>> 4, target, at, end);
            }
        }
    }

    private static int number(long bits, byte[] target, int from, int end) {
        int at = from;
        for (long rest = bits & 0xfff; at < end && rest > 0; rest /= 10) {
            target[at++] = (byte) ('0' + rest % 10);
        }
        if (at < end) {
            target[at++] = '\n';
        }
        return at;
    }

    /** Makes one block at a place. */
    private interface Block {
        void make(SeededRandom random, byte[] target, int from);
    }
}
