package org.medbackup.engine.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

/** The primitives of the format, written and read. */
class ByteFormTest {

    static LongStream seeds() {
        return Seeds.of(50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsWrittenIsReadAndEveryTruncationIsRefused(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        var out = new ByteWriter(1);
        List<Consumer<ByteReader>> reads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            reads.add(write(random, out));
        }
        byte[] bytes = out.toBytes();

        var whole = new ByteReader(bytes);
        reads.forEach(read -> read.accept(whole));
        whole.expectEnd();

        for (int length = 0; length < bytes.length; length++) {
            var cut = new ByteReader(bytes, 0, length);
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(() -> reads.forEach(read -> read.accept(cut)));
        }
    }

    private static Consumer<ByteReader> write(SeededRandom random, ByteWriter out) {
        long number = random.nextLong() >>> random.below(64);
        return switch (random.below(8)) {
            case 0 -> {
                out.u8((int) number);
                yield in -> assertThat(in.u8()).isEqualTo((int) number & 0xff);
            }
            case 1 -> {
                out.u16((int) number);
                yield in -> assertThat(in.u16()).isEqualTo((int) number & 0xffff);
            }
            case 2 -> {
                out.u32(number);
                yield in -> assertThat(in.u32()).isEqualTo(number & 0xffffffffL);
            }
            case 3 -> {
                out.u64(number);
                yield in -> assertThat(in.u64()).isEqualTo(number);
            }
            case 4 -> {
                out.varint(number);
                yield in -> assertThat(in.varint()).isEqualTo(number);
            }
            case 5 -> {
                out.zigzag(number);
                yield in -> assertThat(in.zigzag()).isEqualTo(number);
            }
            case 6 -> {
                byte[] value = random.bytes(random.below(200));
                out.bytes(value);
                yield in -> assertThat(in.bytes()).isEqualTo(value);
            }
            default -> {
                String value = random.text(random.below(20));
                out.text(value);
                yield in -> assertThat(in.text()).isEqualTo(value);
            }
        };
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "0, 00",
        "1, 01",
        "127, 7f",
        "128, 8001",
        "300, ac02",
        "16384, 808001",
        "9223372036854775807, ffffffffffffffff7f",
        "-1, ffffffffffffffffff01"
    })
    void unsignedNumbersHaveOneForm(long number, String hex) {
        assertThat(new ByteWriter().varint(number).toBytes()).asHexString().isEqualToIgnoringCase(hex);
        assertThat(new ByteReader(HexFormat.of().parseHex(hex)).varint()).isEqualTo(number);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"0, 00", "-1, 01", "1, 02", "-64, 7f", "64, 8001", "-9223372036854775808, ffffffffffffffffff01"})
    void signedNumbersNearZeroAreShort(long number, String hex) {
        assertThat(new ByteWriter().zigzag(number).toBytes()).asHexString().isEqualToIgnoringCase(hex);
        assertThat(new ByteReader(HexFormat.of().parseHex(hex)).zigzag()).isEqualTo(number);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "8000",
                "ff00",
                "80808000",
                "ffffffffffffffffff02",
                "ffffffffffffffffff7f",
                "ffffffffffffffffffff01",
                "80808080808080808080808001"
            })
    void anyOtherFormOfANumberIsRefused(String hex) {
        var in = new ByteReader(HexFormat.of().parseHex(hex));

        assertThatExceptionOfType(MalformedException.class).isThrownBy(in::varint);
    }

    @Test
    void aCountAboveItsBoundIsRefusedBeforeAnythingIsMadeOfIt() {
        byte[] two = new ByteWriter().varint(2).toBytes();
        byte[] negative = new ByteWriter().varint(-1).toBytes();
        byte[] longest = new ByteWriter().varint(Integer.MAX_VALUE).u8(0).toBytes();

        assertThat(new ByteReader(two).count(2)).isEqualTo(2);
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> new ByteReader(two).count(1));
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> new ByteReader(negative).count(Long.MAX_VALUE));
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> new ByteReader(longest).bytes());
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> new ByteReader(longest).nested());
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> new ByteReader(longest).skip(Integer.MAX_VALUE));
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> new ByteReader(longest).raw(-1));
    }

    @Test
    void aFieldIsReadOnItsOwnAndAnUnknownOneIsPassedOver() {
        byte[] bytes = new ByteWriter()
                .field(9, new byte[] {1, 2, 3})
                .field(300, new ByteWriter().varint(70_000).u8(5))
                .toBytes();
        var in = new ByteReader(bytes);

        assertThat(in.varint()).isEqualTo(9);
        in.nested();
        assertThat(in.varint()).isEqualTo(300);
        ByteReader field = in.nested();
        assertThat(field.varint()).isEqualTo(70_000);
        assertThat(field.remaining()).isEqualTo(1);
        assertThatExceptionOfType(MalformedException.class).isThrownBy(field::u32);
        assertThatExceptionOfType(MalformedException.class).isThrownBy(field::expectEnd);
        assertThat(field.u8()).isEqualTo(5);
        assertThat(field.atEnd()).isTrue();
        in.expectEnd();
    }

    @Test
    void aNestedFieldCannotReachBeyondTheFieldAroundIt() {
        byte[] bytes = {1, 1, 7};
        ByteReader outer = new ByteReader(bytes).nested();

        assertThatExceptionOfType(MalformedException.class).isThrownBy(outer::nested);
    }

    @Test
    void aWriterStartsAgainInTheSameArray() {
        var out = new ByteWriter(4).raw(new byte[] {1, 2, 3, 4, 5, 6}, 1, 4);
        assertThat(Arrays.copyOf(out.array(), out.length())).containsExactly(2, 3, 4, 5);

        out.reset();
        out.u8(9);

        assertThat(out.length()).isEqualTo(1);
        assertThat(out.toBytes()).containsExactly(9);
    }
}
