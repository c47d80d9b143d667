package org.medbackup.engine.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.Bytes;
import org.medbackup.corpus.Seeds;
import org.medbackup.testkit.SeededEntropy;

class ShamirTest {

    static LongStream seeds() {
        return Seeds.of(8);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyEnoughSharesGiveTheSecretBack(long seed) {
        var random = new Random(seed);
        int count = 2 + random.nextInt(12);
        int threshold = 2 + random.nextInt(count - 1);
        byte[] secret = Bytes.random(seed, 1 + random.nextInt(64));
        SortedMap<Integer, byte[]> shares = Shamir.split(secret, threshold, count, new SeededEntropy(seed));

        assertThat(shares.keySet()).hasSize(count).startsWith(1).endsWith(count);
        for (int round = 0; round < 20; round++) {
            List<Integer> numbers = new ArrayList<>(shares.keySet());
            Collections.shuffle(numbers, random);
            assertThat(Shamir.join(some(shares, numbers.subList(0, threshold)))).isEqualTo(secret);
            int more = threshold + random.nextInt(count - threshold + 1);
            assertThat(Shamir.join(some(shares, numbers.subList(0, more)))).isEqualTo(secret);
        }
    }

    private static SortedMap<Integer, byte[]> some(SortedMap<Integer, byte[]> shares, List<Integer> numbers) {
        var chosen = new TreeMap<Integer, byte[]>();
        numbers.forEach(number -> chosen.put(number, shares.get(number)));
        return chosen;
    }

    /** With one share too few, every secret is as likely: for each there is a last share that gives it. */
    @Test
    void oneShareTooFewTellsNothing() {
        byte[] secret = {42};
        SortedMap<Integer, byte[]> shares = Shamir.split(secret, 3, 5, new SeededEntropy(7));
        var known = some(shares, List.of(2, 5));
        var possible = new boolean[256];
        for (int guess = 0; guess < 256; guess++) {
            var completed = new TreeMap<>(known);
            completed.put(1, new byte[] {(byte) guess});
            possible[Shamir.join(completed)[0] & 0xff] = true;
        }
        for (boolean each : possible) {
            assertThat(each).isTrue();
        }
        assertThat(Shamir.join(known)).isNotEqualTo(secret);
    }

    /** The first share of all secrets of one byte is spread evenly over many splits. */
    @Test
    void aShareAloneIsRandom() {
        var seen = new int[256];
        var entropy = new SeededEntropy(3);
        for (int i = 0; i < 25_600; i++) {
            seen[Shamir.split(new byte[] {7}, 2, 2, entropy).firstEntry().getValue()[0] & 0xff]++;
        }
        for (int each : seen) {
            assertThat(each).isBetween(40, 170);
        }
    }

    @Test
    void theFieldIsTheOneOfAes() {
        assertThat(Shamir.times(0x57, 0x83)).isEqualTo(0xc1);
        assertThat(Shamir.times(0x57, 0x13)).isEqualTo(0xfe);
        assertThat(Shamir.inverse(0x53)).isEqualTo(0xca);
        for (int a = 1; a < 256; a++) {
            assertThat(Shamir.times(a, Shamir.inverse(a))).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({"1, 3", "0, 3", "4, 3", "2, 256"})
    void numbersThatMakeNoSenseAreRefused(int threshold, int count) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shamir.split(new byte[4], threshold, count, new SeededEntropy(1)));
    }
}
