package org.medbackup.expressions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;

class ConditionsTest {

    private static final Conditions FILES = Conditions.over(Map.of(
            "path", ValueType.TEXT,
            "kind", ValueType.TEXT,
            "size", ValueType.WHOLE,
            "heat", ValueType.NUMBER,
            "cold", ValueType.TRUTH,
            "modified", ValueType.TIME,
            "age", ValueType.SPAN,
            "labels", ValueType.TEXTS));

    private static final Map<String, Object> FILE = Map.of(
            "path",
            "/pacs/2025/a.dcm",
            "kind",
            "dicom",
            "size",
            2_000L,
            "heat",
            0.25,
            "cold",
            true,
            "modified",
            Instant.parse("2025-03-01T12:00:00Z"),
            "age",
            Duration.ofDays(400),
            "labels",
            List.of("PHI", "RESEARCH"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "kind == 'dicom' && size > 1000",
                "path.startsWith('/pacs/') && path.endsWith('.dcm')",
                "path.matches('^/pacs/[0-9]{4}/.*$')",
                "'PHI' in labels",
                "labels.exists(each, each == 'RESEARCH')",
                "labels.all(each, size(each) > 2)",
                "age > duration('8760h')",
                "modified < timestamp('2026-01-01T00:00:00Z')",
                "modified.getFullYear() == 2025",
                "heat < 0.5 ? cold : false",
                "kind in ['dicom', 'image']",
                "!(size <= 10)"
            })
    void whatHoldsOfAFileHolds(String text) {
        assertThat(FILES.condition(text).holds(FILE)).isTrue();
        assertThat(FILES.condition("!(" + text + ")").holds(FILE)).isFalse();
    }

    private static void isWrong(String with, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(UsageException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.CONDITION_INVALID);
            assertThat(failure.describe()).contains(with);
        });
    }

    @Test
    void whatIsWrongIsSaidBeforeAnyFileIsLookedAt() {
        isWrong("undeclared reference to 'knd'", () -> FILES.condition("knd == 'dicom'"));
        isWrong("no matching overload", () -> FILES.condition("size == 'large'"));
        isWrong("1:", () -> FILES.condition("kind =="));
        isWrong("bool", () -> FILES.condition("size + 1"));
        isWrong("", () -> FILES.condition("a".repeat(Conditions.LONGEST + 1)));
        isWrong("", () -> FILES.condition("(".repeat(200) + "true" + ")".repeat(200)));
        isWrong("", () -> FILES.condition(""));
    }

    @Test
    void whatOnlyAValueMakesWrongIsSaidThen() {
        isWrong(
                "DIVIDE_BY_ZERO",
                () -> FILES.condition("1000 / (size - 2000) > 1").holds(FILE));
        isWrong("", () -> FILES.condition("labels[7] == 'PHI'").holds(FILE));
        isWrong("ATTRIBUTE_NOT_FOUND", () -> FILES.condition("kind == 'dicom'").holds(Map.of()));
    }

    @Test
    void aConditionNamesTheVariablesOnWhichItDepends() {
        Condition condition = FILES.condition("kind == 'dicom' && labels.exists(each, each == path)");

        assertThat(condition.variables()).containsExactlyInAnyOrder("kind", "labels", "path");
        assertThat(condition.constants()).containsExactly("dicom");
        assertThat(FILES.condition("size > 7 && heat < 0.5 && cold").constants())
                .containsExactly(7L);
        assertThat(condition.text()).startsWith("kind == ");
        assertThat(FILES.condition("true").variables()).isEmpty();
        assertThat(FILES.variables()).containsEntry("age", ValueType.SPAN).hasSize(8);
    }

    @Test
    void noPatternTakesLongHoweverItIsWritten() {
        Condition evil = FILES.condition("path.matches('^(a+)+$')");
        Map<String, Object> file = new java.util.HashMap<>(FILE);
        file.put("path", "a".repeat(20_000) + "b");

        assertThat(evil.holds(file)).isFalse();
        isWrong("", () -> FILES.condition("path.matches('(x{900}){900}')").holds(FILE));
    }

    @Test
    void aConditionWithinAConditionEndsSoon() {
        Condition condition =
                FILES.condition("labels.all(a, labels.all(b, labels.all(c, labels.all(d, a + b + c + d != 'x'))))");
        Map<String, Object> file = new java.util.HashMap<>(FILE);
        file.put("labels", java.util.Collections.nCopies(100, "PHI"));

        isWrong("ITERATION_BUDGET_EXCEEDED", () -> condition.holds(file));
    }
}
