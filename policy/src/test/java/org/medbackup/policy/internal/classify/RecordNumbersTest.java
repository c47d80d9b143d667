package org.medbackup.policy.internal.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

/** Patterns of record numbers find what they say, and nothing within a longer number. */
class RecordNumbersTest {

    private static boolean isFound(String pattern, String text) {
        return RecordNumbers.of(List.of(pattern)).areIn(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "MRN-?[0-9]{7}, seen today MRN-0048291 in the ward, true",
        "MRN-?[0-9]{7}, MRN0048291, true",
        "MRN-?[0-9]{7}, MRN-004829, false",
        "MRN-?[0-9]{7}, MRN-00482913, false",
        "MRN-?[0-9]{7}, XMRN-0048291, false",
        "'E\\d{6,8}', (E0048291), true",
        "'E\\d{6,8}', E00482, false",
        "'E\\d{6,8}', E004829137, false",
        "[A-CX]{2}[0-9]{4}, CX0042, true",
        "[A-CX]{2}[0-9]{4}, DX0042, false",
        "[A-]{4}, A-A-, true",
        "'12\\.[0-9]{2}', 12.34, true",
        "'12\\.[0-9]{2}', 12534, false",
        "[0-9]{4}, \u00fc1234, false",
    })
    void whatAPatternSaysIsFoundWhereItStandsAlone(String pattern, String text, boolean found) {
        assertThat(isFound(pattern, text)).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ab",
                "a*bcd",
                "(a|b)cde",
                "[0-9",
                "[]abc",
                "[^0-9]{4}",
                "[9-0]{4}",
                "a{x}bcd",
                "a{2,1}bcd",
                "abcd{3",
                "a{1,2,3}bcd",
                "[0-9]{61}",
                "\u00e9abcd",
                "abc.",
                "[0-9]{1,70}",
                "a?b?c?d?e?f?g?h?[0-9]{4}"
            })
    void whatIsNoPatternIsRefusedWithAReason(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecordNumbers.of(List.of(pattern)))
                .satisfies(refused -> assertThat(refused.getMessage()).isNotBlank());
    }

    static LongStream seeds() {
        return Seeds.of(200);
    }

    /** The regular expressions of Java, which take their time, say the same. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPatternFindsWhatARegularExpressionFinds(long seed) {
        var random = SeededRandom.of(seed);
        var pattern = new StringBuilder();
        for (int i = 0; i < 3 + random.below(3); i++) {
            pattern.append(random.pick("A", "B", "[AB]", "[0-3]", "\\d", "\\-"))
                    .append(random.pick("", "", "?", "{2}", "{1,2}"));
        }
        pattern.append("[A1]{4}");
        Pattern expected = Pattern.compile("(?<![A-Za-z0-9])(?:" + pattern + ")(?![A-Za-z0-9])");
        for (int i = 0; i < 50; i++) {
            var text = new StringBuilder();
            for (int length = random.below(40); length > 0; length--) {
                text.append(random.pick("A", "B", "1", "2", "-", " "));
            }
            assertThat(isFound(pattern.toString(), text.toString()))
                    .as("%s in %s", pattern, text)
                    .isEqualTo(expected.matcher(text).find());
        }
    }

    @Test
    void noTextMakesItSlow() {
        RecordNumbers numbers = RecordNumbers.of(List.of("A{1,30}A{28}"));
        byte[] text = "A".repeat(4_000_000).getBytes(StandardCharsets.US_ASCII);

        // Thirty rows over four million characters: a backtracking search would never come back.
        assertThat(numbers.areIn(text)).isFalse();
    }
}
