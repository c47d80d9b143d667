package org.medbackup.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowingConsumer;
import org.medbackup.corpus.SeededRandom;

/** Bytes that are nearly, or not at all, what a decoder expects. */
public final class Mutations {

    private Mutations() {}

    /** Holds a decoder against damaged forms of valid bytes: each is read, or refused by this exception. */
    public static void areReadOrRefused(
            byte[] valid, long seed, ThrowingConsumer<byte[]> decoder, Class<? extends Exception> refusal) {
        areReadOrRefused(valid, seed, 500, decoder, refusal);
    }

    /** As above with so many damaged forms, for decoders that take long. */
    public static void areReadOrRefused(
            byte[] valid, long seed, int count, ThrowingConsumer<byte[]> decoder, Class<? extends Exception> refusal) {
        assertThat(catchThrowable(() -> decoder.accept(valid)))
                .as("the undamaged form is read")
                .isNull();
        int refused = 0;
        for (byte[] damaged : of(valid, seed, count)) {
            Throwable thrown = catchThrowable(() -> decoder.accept(damaged));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(refusal);
                refused++;
            }
        }
        assertThat(refused).as("refusals").isPositive();
    }

    private static List<byte[]> of(byte[] valid, long seed, int count) {
        SeededRandom random = SeededRandom.of(seed);
        var all = new ArrayList<byte[]>();
        all.add(new byte[0]);
        for (int i = 0; i < count; i++) {
            all.add(
                    switch (random.below(8)) {
                        case 0 -> Arrays.copyOf(valid, random.below(valid.length + 1));
                        case 1 -> random.bytes(random.below(300));
                        case 2, 3 -> spliced(valid, random);
                        default -> flipped(valid, random);
                    });
        }
        return all;
    }

    private static byte[] flipped(byte[] valid, SeededRandom random) {
        byte[] bytes = valid.clone();
        for (int flips = random.between(1, 4); flips > 0; flips--) {
            bytes[random.below(bytes.length)] = odd(random);
        }
        return bytes;
    }

    /** Bytes that stand for large counts, zero and anything. */
    private static byte odd(SeededRandom random) {
        return switch (random.below(4)) {
            case 0 -> (byte) 0xff;
            case 1 -> (byte) 0x80;
            case 2 -> 0;
            default -> (byte) random.nextInt();
        };
    }

    /** Some bytes taken out, or a large number put in. */
    private static byte[] spliced(byte[] valid, SeededRandom random) {
        int at = random.below(valid.length + 1);
        byte[] huge = {-1, -1, -1, -1, 7};
        byte[] insert = random.nextBoolean() ? huge : random.bytes(random.below(12));
        int rest = Math.min(valid.length, at + random.below(8));
        byte[] bytes = Arrays.copyOf(valid, at + insert.length + valid.length - rest);
        System.arraycopy(insert, 0, bytes, at, insert.length);
        System.arraycopy(valid, rest, bytes, at + insert.length, valid.length - rest);
        return bytes;
    }
}
