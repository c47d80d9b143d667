package org.medbackup.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.Entry;

class SampleTest {

    static LongStream seeds() {
        return Seeds.of(20);
    }

    private static Entry entry(Entry.Type type, long number, long size) {
        return new Entry("/d/%09d".formatted(number), type, size, 0644, 0, 0, "root", "root", Instant.EPOCH, "");
    }

    private static Entry file(long number, long size) {
        return entry(Entry.Type.FILE, number, size);
    }

    private static long number(Entry entry) {
        return Long.parseLong(entry.path().substring(3));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void smallFilesComeAsFourStretchesOfNeighbours(long seed) {
        var sample = new Sample(new Random(seed));
        for (int i = 0; i < 10_000; i++) {
            sample.add(file(i, 100));
        }
        sample.end();

        List<Entry> small = sample.small();
        assertThat(small).hasSize(4 * Sample.STRETCH).doesNotHaveDuplicates();
        for (int i = 0; i < small.size(); i++) {
            long inStretch = i % Sample.STRETCH;
            assertThat(number(small.get(i)) % Sample.STRETCH).isEqualTo(inStretch);
            if (inStretch > 0) {
                assertThat(number(small.get(i))).isEqualTo(number(small.get(i - 1)) + 1);
            }
        }
    }

    @Test
    void everyPartOfARestorePointIsDrawnNowAndThen() {
        var drawn = new java.util.TreeSet<Long>();
        for (int seed = 0; seed < 300; seed++) {
            var sample = new Sample(new Random(seed));
            for (int i = 0; i < 20 * Sample.STRETCH; i++) {
                sample.add(file(i, 100));
            }
            sample.end();
            sample.small().forEach(entry -> drawn.add(number(entry) / Sample.STRETCH));
        }
        assertThat(drawn).hasSize(20);
    }

    @Test
    void ofAFewFilesAllAreTaken() {
        var sample = new Sample(new Random(1));
        sample.add(entry(Entry.Type.FOLDER, 0, 0));
        sample.add(entry(Entry.Type.SYMLINK, 1, 0));
        sample.add(file(2, 0));
        sample.add(file(3, Sample.LARGE - 1));
        sample.add(file(4, Sample.LARGE));
        sample.end();

        assertThat(sample.small()).extracting(SampleTest::number).containsExactly(2L, 3L);
        assertThat(sample.large()).extracting(SampleTest::number).containsExactly(4L);
        assertThat(Sample.bytes(sample.large())).isEqualTo(Sample.LARGE);
    }

    @Test
    void largeFilesAreTakenUntilTheyMakeFortyEightMebibytes() {
        var sample = new Sample(new Random(1));
        for (int i = 0; i < 100; i++) {
            sample.add(file(i, 10 << 20));
        }
        sample.end();

        assertThat(sample.large()).hasSize(5);
    }

    @Test
    void aHugeFileIsProbedOnlyWhereThereIsNoOtherLargeOne() {
        var hugeOnly = new Sample(new Random(1));
        hugeOnly.add(file(1, 400L << 20));
        hugeOnly.add(file(2, 300L << 20));
        hugeOnly.add(file(3, 500L << 20));
        hugeOnly.end();
        var both = new Sample(new Random(1));
        both.add(file(1, 300L << 20));
        both.add(file(2, 1 << 20));
        both.end();

        assertThat(hugeOnly.large()).extracting(SampleTest::number).containsExactly(2L);
        assertThat(both.large()).extracting(SampleTest::number).containsExactly(2L);
    }
}
