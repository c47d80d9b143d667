package org.medbackup.engine.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

class PadmeTest {

    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource({"0, 0", "1, 1", "2, 2", "9, 10", "17, 18", "100, 104", "1000, 1024", "65537, 67584", "1000001, 1015808"
    })
    void lengthsAreRoundedUpAsThePaperSays(long length, long padded) {
        assertThat(Padme.padded(length)).isEqualTo(padded);
    }

    static LongStream seeds() {
        return Seeds.of(20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPaddedLengthIsAtMostTwelvePerCentLongerAndStays(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        for (int i = 0; i < 1000; i++) {
            long length = random.below(1L << random.between(1, 40));
            long padded = Padme.padded(length);

            assertThat(padded).isBetween(length, length + length * 12 / 100);
            assertThat(Padme.padded(padded)).isEqualTo(padded);
        }
    }

    @Test
    void allPacksOfOneToTwoMebibytesHaveOneOfAFewLengths() {
        var lengths = new HashSet<Long>();
        for (long length = 1 << 20; length < 2 << 20; length += 97) {
            lengths.add(Padme.padded(length));
        }

        assertThat(lengths).hasSizeLessThanOrEqualTo(33);
    }
}
