package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.Content.Extent;

class ContentTest {

    static LongStream seeds() {
        return Seeds.of(200);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void editsOfTheRecipeAreEditsOfTheBytes(long seed) {
        var random = SeededRandom.of(seed);
        Content content = Content.text(seed, random.below(10_000));
        byte[] bytes = content.bytes();
        for (int i = 0; i < 20; i++) {
            int from = random.below(bytes.length + 1);
            int to = random.between(from, bytes.length);
            Content more = random.pick(
                    Content.random(i, random.below(500)),
                    Content.zeros(3),
                    Content.hole(700),
                    Content.halfCompressible(i, 9));
            switch (random.below(4)) {
                case 0 -> {
                    content = content.insert(from, more);
                    bytes = joined(
                            Arrays.copyOf(bytes, from), more.bytes(), Arrays.copyOfRange(bytes, from, bytes.length));
                }
                case 1 -> {
                    content = content.delete(from, to);
                    bytes = joined(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, to, bytes.length));
                }
                case 2 -> {
                    content = content.overwrite(from, more);
                    int rest = Math.min(bytes.length, from + (int) more.size());
                    bytes = joined(
                            Arrays.copyOf(bytes, from), more.bytes(), Arrays.copyOfRange(bytes, rest, bytes.length));
                }
                default -> {
                    content = content.then(more);
                    bytes = joined(bytes, more.bytes());
                }
            }
            assertThat(content.size()).isEqualTo(bytes.length);
            assertThat(content.bytes()).isEqualTo(bytes);
            assertThat(content.slice(0, content.size())).isEqualTo(content).hasSameHashCodeAs(content);
        }
    }

    @Test
    void extentsAreWhereDataAreAndNeighboursAreOne() {
        Content content = Content.hole(100)
                .then(Content.random(1, 20))
                .then(Content.zeros(30))
                .then(Content.hole(50))
                .then(Content.text(2, 7));

        assertThat(content.isSparse()).isTrue();
        assertThat(content.extents()).containsExactly(new Extent(100, 50), new Extent(200, 7));
        assertThat(content).hasToString("207 bytes in [Extent[offset=100, length=50], Extent[offset=200, length=7]]");
        assertThat(Content.hole(4).extents()).isEmpty();
        assertThat(Content.random(1, 4).isSparse()).isFalse();
    }

    @Test
    void cuttingAndJoiningGivesTheSameRecipe() {
        Content whole = Content.random(1, 1000);

        assertThat(whole.slice(0, 300).then(whole.slice(300, 1000))).isEqualTo(whole);
        assertThat(Content.hole(3).then(Content.hole(4))).isEqualTo(Content.hole(7));
        assertThat(Content.random(5, 0)).isEqualTo(Content.EMPTY).isNotEqualTo(whole);
    }

    @Test
    void aHoleOfManyTerabytesTakesNoMemory() {
        Content content = Content.hole(1L << 44).then(Content.random(1, 10));
        var end = new byte[20];

        content.read((1L << 44) - 10, end, 0, 20);

        assertThat(Arrays.copyOf(end, 10)).containsOnly(0);
        assertThat(Arrays.copyOfRange(end, 10, 20)).isEqualTo(Bytes.random(1, 10));
    }

    @Test
    void readingBeyondTheEndIsRefused() {
        assertThatThrownBy(() -> Content.zeros(5).read(3, new byte[9], 0, 3))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Content.zeros(5).slice(3, 6)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
