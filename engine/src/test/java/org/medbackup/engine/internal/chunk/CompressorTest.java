package org.medbackup.engine.internal.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.internal.Mutations;
import org.medbackup.engine.internal.codec.MalformedException;

class CompressorTest {

    private final Compressor compressor = new Compressor(1);

    @AfterEach
    void close() {
        compressor.close();
    }

    private static byte[] text(long seed, int length) {
        SeededRandom random = SeededRandom.of(seed);
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + random.below(6));
        }
        return bytes;
    }

    static LongStream seeds() {
        return Seeds.of(10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void textShrinksAndComesBack(long seed) {
        byte[] plain = text(seed, SeededRandom.of(seed).between(200, 300_000));
        var target = new byte[Compressor.bound(plain.length)];

        int length = compressor.compress(plain, 0, plain.length, target);

        assertThat(length).isBetween(1, plain.length * 97 / 100);
        var back = new byte[plain.length];
        compressor.decompress(target, 0, length, back, plain.length);
        assertThat(back).isEqualTo(plain);
    }

    @Test
    void whatDoesNotShrinkByThreePerCentIsKeptAsItIs() {
        byte[] random = SeededRandom.of(1).bytes(10_000);
        byte[] nearly = Arrays.copyOf(random, 10_200);

        assertThat(compressor.compress(random, 0, random.length, new byte[Compressor.bound(random.length)]))
                .isEqualTo(-1);
        assertThat(compressor.compress(nearly, 0, nearly.length, new byte[Compressor.bound(nearly.length)]))
                .isEqualTo(-1);
        assertThat(compressor.compress(new byte[0], 0, 0, new byte[Compressor.bound(0)]))
                .isEqualTo(-1);
    }

    @Test
    void aLargeChunkWhoseSamplesDoNotShrinkIsNotTried() {
        byte[] chunk = new byte[1 << 20];
        byte[] random = SeededRandom.of(1).bytes(4096);
        int stride = (chunk.length - 4096) / 2;
        for (int sample = 0; sample < 3; sample++) {
            System.arraycopy(random, 0, chunk, sample * stride, 4096);
        }
        var target = new byte[Compressor.bound(chunk.length)];

        assertThat(compressor.compress(chunk, 0, chunk.length, target)).isEqualTo(-1);
        assertThat(compressor.compress(chunk, 4096, stride - 4096, target)).isPositive();
    }

    @Test
    void anotherLengthThanThePromisedOneIsRefused() {
        byte[] plain = text(1, 5000);
        var target = new byte[Compressor.bound(plain.length)];
        int length = compressor.compress(plain, 0, plain.length, target);

        for (int wrong : new int[] {0, 1, 4999, 5001, 100_000}) {
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(() -> compressor.decompress(target, 0, length, new byte[wrong], wrong));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedChunksAreReadOrRefusedAsMalformed(long seed) {
        byte[] plain = text(seed, 3000);
        var target = new byte[Compressor.bound(plain.length)];
        byte[] packed = Arrays.copyOf(target, compressor.compress(plain, 0, plain.length, target));

        Mutations.areReadOrRefused(
                packed,
                seed,
                bytes -> compressor.decompress(bytes, 0, bytes.length, new byte[plain.length], plain.length),
                MalformedException.class);
    }
}
