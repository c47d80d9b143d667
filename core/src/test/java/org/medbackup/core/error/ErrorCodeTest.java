package org.medbackup.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {

    private static final Map<ErrorCode.Kind, Class<? extends BackupException>> CLASSES = Map.of(
            ErrorCode.Kind.USAGE, UsageException.class,
            ErrorCode.Kind.REFUSED, RefusedException.class,
            ErrorCode.Kind.DAMAGE, DamageException.class,
            ErrorCode.Kind.CAPACITY, CapacityException.class,
            ErrorCode.Kind.UNAVAILABLE, UnavailableException.class,
            ErrorCode.Kind.APPLICATION, ApplicationException.class,
            ErrorCode.Kind.FAILED, FailedException.class,
            ErrorCode.Kind.CANCELLED, CancelledException.class);

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void aFailureIsOfItsKindAndKeepsWhatIsKnown(ErrorCode code) {
        var cause = new IOException("why");

        BackupException failure =
                code.because("the detail", cause).with("object", "d/00").with("attempt", 2);

        assertThat(failure).isExactlyInstanceOf(CLASSES.get(code.kind())).hasCause(cause);
        assertThat(failure).hasMessage(code.title() + ": the detail");
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.remedy()).isEqualTo(code.remedy());
        assertThat(failure.context()).containsOnly(Map.entry("object", "d/00"), Map.entry("attempt", "2"));
        assertThat(failure.describe()).isEqualTo(code.title() + ": the detail {attempt=2, object=d/00}");
        assertThat(code.because("alone")).hasNoCause();
        assertThat(code.because("alone").describe()).isEqualTo(code.title() + ": alone");
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void anAdministratorReadsWhatHappenedAndWhatToDo(ErrorCode code) {
        assertThat(code.title()).matches("[A-Z].*[^.]");
        assertThat(code.remedy()).matches("[A-Z].*\\.").doesNotContain("  ").hasSizeLessThan(120);
        assertThat(code.name()).matches("[A-Z]+(_[A-Z]+)*");
    }

    @Test
    void noTwoCodesSayTheSame() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::title)).doesNotHaveDuplicates();
    }

    @Test
    void everyKindHasItsClass() {
        assertThat(CLASSES.keySet()).containsExactlyInAnyOrder(ErrorCode.Kind.values());
        assertThat(BackupException.class.getPermittedSubclasses())
                .containsExactlyInAnyOrderElementsOf(CLASSES.values());
    }

    @Test
    void theContextThatACallerGetsIsACopy() {
        BackupException failure = ErrorCode.INTERNAL.because("x").with("a", 1);
        Map<String, String> before = failure.context();

        var _ = failure.with("b", 2);

        assertThat(before).containsOnlyKeys("a");
        assertThat(failure.context()).containsOnlyKeys("a", "b");
    }
}
