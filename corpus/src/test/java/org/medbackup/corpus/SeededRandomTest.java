package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SeededRandomTest {

    static LongStream seeds() {
        return Seeds.of(50);
    }

    @Test
    void theSameSeedGivesTheSameValuesForEver() {
        var random = SeededRandom.of(1);

        assertThat(new long[] {random.nextLong(), random.nextLong(), random.nextInt(), random.below(1000)})
                .containsExactly(GOLDEN);
    }

    private static final long[] GOLDEN = {2973750756608955175L, -7033000984142424782L, 1020621027, 191};

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void numbersStayWithinTheirBounds(long seed) {
        var random = SeededRandom.of(seed);
        for (int i = 0; i < 1000; i++) {
            int bound = 1 + random.below(1000);
            assertThat(random.below(bound)).isBetween(0, bound - 1);
            assertThat(random.between(-5, 5)).isBetween(-5, 5);
            assertThat(random.between(Integer.MIN_VALUE, Integer.MAX_VALUE)).isInstanceOf(Integer.class);
            assertThat(random.between(-1L << 60, 1L << 60)).isBetween(-1L << 60, 1L << 60);
            assertThat(random.below(Long.MAX_VALUE)).isNotNegative();
            assertThat(random.nextDouble()).isBetween(0.0, Math.nextDown(1.0));
        }
    }

    @Test
    void everyBoundedValueIsAsLikelyAsTheOthers() {
        var random = SeededRandom.of(7);
        var counts = new int[6];
        for (int i = 0; i < 60_000; i++) {
            counts[random.below(6)]++;
        }

        // Five standard deviations of a binomial count around 10,000.
        assertThat(counts).satisfies(all -> assertThat(Arrays.stream(all)).allMatch(n -> Math.abs(n - 10_000) < 460));
    }

    @Test
    void chancesAreAsSaid() {
        var random = SeededRandom.of(8);

        assertThat(IntStream.range(0, 10_000).filter(i -> random.oneIn(4)).count())
                .isBetween(2_280L, 2_720L);
        assertThat(IntStream.range(0, 10_000).filter(i -> random.nextBoolean()).count())
                .isBetween(4_750L, 5_250L);
    }

    @Test
    void lengthsHaveTheMeanAskedForAndAreSometimesLong() {
        var random = SeededRandom.of(9);
        int[] lengths =
                IntStream.range(0, 20_000).map(i -> random.geometric(100)).toArray();

        assertThat(Arrays.stream(lengths).average().orElseThrow()).isBetween(95.0, 105.0);
        assertThat(Arrays.stream(lengths).min().orElseThrow()).isZero();
        assertThat(Arrays.stream(lengths).max().orElseThrow()).isGreaterThan(600);
        assertThat(random.geometric(0)).isZero();
    }

    @Test
    void neighbouringSeedsAndStreamsHaveNothingInCommon() {
        var seen = new HashSet<Long>();
        for (long seed = 0; seed < 50; seed++) {
            for (long stream = 0; stream < 50; stream++) {
                assertThat(seen.add(SeededRandom.of(seed, stream + 1).nextLong()))
                        .isTrue();
            }
            assertThat(seen.add(SeededRandom.of(seed).nextLong())).isTrue();
        }
    }

    @Test
    void whatASplitStreamIsUsedForDoesNotMoveTheFirst() {
        var one = SeededRandom.of(3);
        var other = SeededRandom.of(3);
        SeededRandom child = one.split();
        other.split().bytes(1000);

        assertThat(one.nextLong()).isEqualTo(other.nextLong()).isNotEqualTo(child.nextLong());
    }

    @Test
    void shufflingKeepsEveryValueAndReachesEveryOrder() {
        var random = SeededRandom.of(4);
        var orders = new HashSet<List<Integer>>();
        for (int i = 0; i < 200; i++) {
            orders.add(random.shuffled(List.of(1, 2, 3)));
        }

        assertThat(orders).hasSize(6).allSatisfy(order -> assertThat(order).containsExactlyInAnyOrder(1, 2, 3));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void distinctNumbersAreDistinctAscendingAndBelowTheBound(long seed) {
        var random = SeededRandom.of(seed);
        int count = random.below(50);
        long bound = count + random.below(50L);

        long[] numbers = random.distinct(count, bound);

        assertThat(numbers).hasSize(count).isSorted().doesNotHaveDuplicates();
        assertThat(Arrays.stream(numbers)).allMatch(n -> n >= 0 && n < bound);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void textsHaveTheLengthAskedForAndAreValidUnicode(long seed) {
        String text = SeededRandom.of(seed).text(200);

        assertThat(text.codePointCount(0, text.length())).isEqualTo(200);
        assertThat(text.codePoints()).noneMatch(c -> c >= 0xd800 && c < 0xe000);
        assertThat(text.codePoints().filter(c -> c < 0x7f).count()).isGreaterThan(120);
    }

    @Test
    void picksAndDigitsComeFromWhatIsOffered() {
        var random = SeededRandom.of(5);

        assertThat(random.pick(List.of("a", "b"))).isIn("a", "b");
        assertThat(random.pick("c", "d")).isIn("c", "d");
        assertThat(random.digits(12)).matches("[0-9]{12}");
        assertThat(random.bytes(33)).hasSize(33);
    }

    @Test
    void boundsThatHoldNoNumberAreRefused() {
        var random = SeededRandom.of(6);

        assertThatThrownBy(() -> random.below(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> random.distinct(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> random.between(Long.MIN_VALUE, Long.MAX_VALUE))
                .isInstanceOf(ArithmeticException.class);
    }
}
