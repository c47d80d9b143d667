package org.medbackup.engine.internal.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

class Crc32cCombineTest {

    private static int crc(byte[] bytes, int from, int to) {
        var crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }

    static LongStream seeds() {
        return Seeds.of(10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theSumOfTheWholeComesFromTheSumsOfItsParts(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        byte[] data = random.bytes(50_000);
        int sum = 0;
        for (int at = 0; at < data.length; ) {
            int end = Math.min(data.length, at + random.below(3000));
            sum = Crc32cCombine.combine(sum, crc(data, at, end), end - at);
            at = end;
        }

        assertThat(sum).isEqualTo(crc(data, 0, data.length));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {0, 1, 2, 3, 31, 32, 4096, 65_537, 1_000_000})
    void theSumOfZerosNeedsNoZeros(int length) {
        assertThat(Crc32cCombine.zeros(length)).isEqualTo(crc(new byte[length], 0, length));
    }

    @Test
    void holesOfAnySizeAreSummed() {
        long half = 1L << 40;

        assertThat(Crc32cCombine.zeros(2 * half))
                .isEqualTo(Crc32cCombine.combine(Crc32cCombine.zeros(half), Crc32cCombine.zeros(half), half));
        assertThat(Crc32cCombine.zeros(Long.MAX_VALUE)).isNotZero();
    }

    @Test
    void theCheckValueOfThePolynomialIsRight() {
        byte[] check = "123456789".getBytes(StandardCharsets.US_ASCII);

        assertThat(Crc32cCombine.combine(crc(check, 0, 4), crc(check, 4, 9), 5)).isEqualTo(0xe3069283);
    }
}
