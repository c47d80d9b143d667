package org.medbackup.governor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

class SharedWordsTest {

    private static final int WORDS = 40;
    private static final int OWNERS = 3;
    private static final int HEAD = 64;
    private static final int FIRST = 4096;

    @TempDir
    Path temp;

    static LongStream seeds() {
        return Seeds.of(4);
    }

    private SharedWords open(int owner) {
        SharedWords words = SharedWords.open(temp.resolve("words"), WORDS, OWNERS);
        words.joining(() -> words.writeAs(owner));
        return words;
    }

    private static void add(SharedWords file, long[] words, long amount) {
        do {
            file.read(words);
            words[0] = WORDS;
            for (int i = 1; i < WORDS; i++) {
                words[i] += amount;
            }
        } while (!file.write(words));
    }

    /** As many who died while they wrote would leave it: everything is overwritten to which the head does not point. */
    private void writeHalfOfSomethingElsewhere(SeededRandom random) throws IOException {
        try (FileChannel file =
                FileChannel.open(temp.resolve("words"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(Long.BYTES).order(java.nio.ByteOrder.nativeOrder());
            file.read(head, HEAD);
            int live = (int) (head.getLong(0) & 0xffff);
            for (int place = 0; place < 2 * (OWNERS + 1); place++) {
                if (place != live) {
                    byte[] torn = new byte[random.between(1, WORDS * Long.BYTES)];
                    java.util.Arrays.fill(torn, (byte) random.between(1, 127));
                    file.write(ByteBuffer.wrap(torn), FIRST + (long) place * WORDS * Long.BYTES);
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoeverDiesWhileHeWritesLeavesTheWordsWholeForTheOthers(long seed) throws IOException {
        SeededRandom random = SeededRandom.of(seed);
        var words = new long[WORDS];
        long sum = 0;
        try (SharedWords one = open(0);
                SharedWords other = open(1)) {
            for (int i = 0; i < 200; i++) {
                long amount = random.between(1, 1000);
                sum += amount;
                writeHalfOfSomethingElsewhere(random);
                add(random.oneIn(2) ? one : other, words, amount);
                if (random.oneIn(10)) {
                    // Another comes in the place of one that died, and goes.
                    try (SharedWords third = open(2)) {
                        third.read(words);
                        assertThat(words[WORDS - 1]).isEqualTo(sum);
                    }
                }
            }
            one.read(words);
            assertThat(words).endsWith(sum, sum);
            other.read(words);
            assertThat(words).endsWith(sum, sum);
        }
    }

    @Test
    void ofTwoWhoChangeTheSameOneBeginsAgain() {
        var first = new long[WORDS];
        var second = new long[WORDS];
        try (SharedWords one = open(0);
                SharedWords other = open(1)) {
            one.read(first);
            other.read(second);
            first[0] = WORDS;
            second[0] = WORDS;
            second[7] = 5;

            assertThat(one.write(first)).isTrue();
            assertThat(other.write(second)).isFalse();
            other.read(second);
            assertThat(second[7]).isZero();
            assertThat(other.write(second)).isTrue();
        }
    }

    @Test
    void whatManyThreadsAddIsAllThereAndNobodyReadsHalfOfIt() throws Exception {
        try (var pool = Executors.newFixedThreadPool(OWNERS)) {
            List<Future<Boolean>> tasks = new ArrayList<>();
            for (int owner = 0; owner < OWNERS; owner++) {
                SharedWords file = open(owner);
                tasks.add(pool.submit(() -> {
                    var words = new long[WORDS];
                    boolean whole = true;
                    try (file) {
                        for (int i = 0; i < 20_000; i++) {
                            add(file, words, 1);
                            file.read(words);
                            whole &= LongStream.of(words).skip(1).distinct().count() == 1;
                        }
                    }
                    return whole;
                }));
            }
            for (Future<Boolean> task : tasks) {
                assertThat(task.get()).isTrue();
            }
        }
        var words = new long[WORDS];
        try (SharedWords last = open(0)) {
            last.read(words);
        }
        assertThat(words).endsWith(OWNERS * 20_000L);
    }

    @Test
    void aFailureWhileJoiningLetsTheNextOneJoin() {
        try (SharedWords failing = SharedWords.open(temp.resolve("words"), WORDS, OWNERS)) {
            assertThatThrownBy(() -> failing.joining(() -> {
                        throw new IllegalStateException("no room");
                    }))
                    .isInstanceOf(IllegalStateException.class);
        }
        open(0).close();
    }
}
