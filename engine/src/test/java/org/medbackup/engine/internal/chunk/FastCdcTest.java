package org.medbackup.engine.internal.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.internal.chunk.FastCdc.Limits;
import org.medbackup.engine.internal.crypto.Crypto;

class FastCdcTest {

    private static final Limits SMALL = new Limits(1 << 10, 4 << 10, 16 << 10);
    private static final FastCdc CHUNKER = new FastCdc(Crypto.sha256(new byte[] {1}), SMALL);

    static LongStream seeds() {
        return Seeds.of(10);
    }

    /** Ends of all chunks. */
    private static List<Integer> cuts(FastCdc chunker, byte[] data) {
        var cuts = new ArrayList<Integer>();
        for (int at = 0; at < data.length; ) {
            at += chunker.cut(data, at, data.length);
            cuts.add(at);
        }
        return cuts;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyChunkButTheLastIsWithinTheLimits(long seed) {
        byte[] data = SeededRandom.of(seed).bytes(1 << 20);
        List<Integer> cuts = cuts(CHUNKER, data);

        int before = 0;
        for (int cut : cuts.subList(0, cuts.size() - 1)) {
            assertThat(cut - before).isBetween(SMALL.least(), SMALL.most());
            before = cut;
        }
        assertThat(cuts.getLast()).isEqualTo(data.length);
        assertThat(data.length / cuts.size()).isBetween(SMALL.average() / 2, SMALL.average() * 2);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void cutsDoNotDependOnHowTheDataArrives(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        byte[] data = random.bytes(300_000);
        var arriving = new ArrayList<Integer>();
        for (int at = 0; at < data.length; ) {
            int length = Math.min(data.length - at, SMALL.most() + random.below(5000));
            int shift = random.below(100);
            var buffer = new byte[shift + length];
            System.arraycopy(data, at, buffer, shift, length);
            at += CHUNKER.cut(buffer, shift, buffer.length);
            arriving.add(at);
        }

        assertThat(arriving).isEqualTo(cuts(CHUNKER, data));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anInsertionMovesTheCutsNearItOnly(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        byte[] data = random.bytes(1 << 20);
        int at = random.between(400_000, 600_000);
        int more = random.between(1, 200);
        var changed = new byte[data.length + more];
        System.arraycopy(data, 0, changed, 0, at);
        System.arraycopy(data, at, changed, at + more, data.length - at);

        var expected = new TreeSet<Integer>();
        cuts(CHUNKER, data).forEach(cut -> expected.add(cut <= at ? cut : cut + more));
        var lost = new TreeSet<>(expected);
        lost.removeAll(cuts(CHUNKER, changed));

        assertThat(lost).allSatisfy(cut -> assertThat(cut).isBetween(at - SMALL.most(), at + 8 * SMALL.most()));
        assertThat(lost).hasSizeLessThan(20);
    }

    @Test
    void anotherKeyCutsElsewhere() {
        byte[] data = SeededRandom.of(1).bytes(1 << 20);
        var other = new FastCdc(Crypto.sha256(new byte[] {2}), SMALL);

        List<Integer> shared = cuts(CHUNKER, data);
        shared.retainAll(cuts(other, data));

        assertThat(shared).hasSizeLessThan(10);
        assertThat(FastCdc.table(new byte[32])).isNotEqualTo(FastCdc.table(Crypto.sha256(new byte[0])));
    }

    @Test
    void dataWithoutAnyCutIsCutAtTheLongest() {
        List<Integer> cuts = cuts(CHUNKER, new byte[100_000]);

        assertThat(cuts.getFirst()).isEqualTo(SMALL.most());
        assertThat(cuts.getLast()).isEqualTo(100_000);
    }

    @Test
    void dataThatIsShorterThanTheShortestChunkIsOne() {
        assertThat(CHUNKER.cut(new byte[100], 0, 100)).isEqualTo(100);
        assertThat(CHUNKER.cut(new byte[2000], 1000, 2000)).isEqualTo(1000);
        assertThat(CHUNKER.limits()).isEqualTo(SMALL);
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource({"63, 128, 256", "64, 100, 256", "128, 128, 256", "64, 256, 256"})
    void impossibleLimitsAreRefused(int least, int average, int most) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits(least, average, most));
    }
}
