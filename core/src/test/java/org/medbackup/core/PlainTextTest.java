package org.medbackup.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

class PlainTextTest {

    @Test
    void plainTextStaysAsItIs() {
        assertThat(PlainText.oneLine("Größe 😀, 中文, \"x\"")).isEqualTo("Größe 😀, 中文, \"x\"");
        assertThat(PlainText.oneLine("12345", 5)).isEqualTo("12345");
        assertThat(PlainText.oneLine("", 3)).isEmpty();
    }

    @Test
    void whatBreaksALineOrTurnsItIsASpace() {
        assertThat(PlainText.oneLine("a\r\nb\tc\u0000d\u001be\u0085f\u2028g\u2029h"))
                .isEqualTo("a  b c d e f g h");
        assertThat(PlainText.oneLine("a\u202eb\u2066c\u200ed\u200fe\u061cf\u202af\u2069g"))
                .isEqualTo("a b c d e f f g");
        assertThat(PlainText.oneLine("a\ud800b\udc00")).isEqualTo("a\ufffdb\ufffd");
    }

    @Test
    void whatIsTooLongEndsWithAMark() {
        assertThat(PlainText.oneLine("123456", 5)).isEqualTo("12…");
        assertThat(PlainText.oneLine("ääää", 7)).isEqualTo("ää…");
        assertThat(PlainText.oneLine("😀😀", 7)).isEqualTo("😀…");
        assertThat(PlainText.oneLine("😀😀", 6)).isEqualTo("…");
        assertThatThrownBy(() -> PlainText.oneLine("x", 2)).isInstanceOf(IllegalArgumentException.class);
    }

    static LongStream seeds() {
        return Seeds.of(200);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void aShortenedTextIsWholeCharactersOfItsBeginning(long seed) {
        var random = SeededRandom.of(seed);
        String text = random.text(random.below(80));
        int bytes = random.between(3, 120);
        String line = PlainText.oneLine(text);
        String shortened = PlainText.oneLine(text, bytes);

        assertThat(shortened.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(bytes);
        assertThat(shortened.codePoints()).noneMatch(Character::isISOControl);
        if (line.getBytes(UTF_8).length <= bytes) {
            assertThat(shortened).isEqualTo(line);
        } else {
            assertThat(shortened).endsWith("…");
            String kept = shortened.substring(0, shortened.length() - 1);
            assertThat(line).startsWith(kept);
            assertThat(new String(kept.getBytes(UTF_8), UTF_8)).isEqualTo(kept);
        }
    }
}
