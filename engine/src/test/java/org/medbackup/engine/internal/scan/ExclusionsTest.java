package org.medbackup.engine.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.corpus.SeededRandom;

class ExclusionsTest {

    private static boolean excluded(String pattern, String path) {
        return new Exclusions(List.of(pattern)).exclude(PathBytes.of(path));
    }

    @ParameterizedTest(name = "{0} leaves out {1}")
    @CsvSource({
        "*.tmp, /srv/a.tmp",
        "*.tmp, /a.tmp",
        "*, /srv",
        "cache, /srv/app/cache",
        "cache/, /srv/app/cache",
        "/srv/cache, /srv/cache",
        "/srv/*/log, /srv/app/log",
        "app/log, /srv/app/log",
        "app/*.log, /srv/app/x.log",
        "/srv/**/log, /srv/log",
        "/srv/**/log, /srv/a/b/c/log",
        "**/log, /srv/a/log",
        "/srv/**, /srv/a/b",
        "file?, /srv/file1",
        "[a-c]x, /srv/bx",
        "[!a-c]x, /srv/dx",
        "[^a-c]x, /srv/dx",
        "[]x]y, /srv/]y",
        "[]x]y, /srv/xy",
        "[!]]y, /srv/xy",
        "[a-]y, /srv/-y",
        "[-a]y, /srv/-y",
        "[[]y, /srv/[y",
        "a[0-9][0-9]b, /a42b",
        "a*b*c, /aXbYbZc",
        "***x, /x",
        "[é], /\\xc3"
    })
    void whatMatchesIsLeftOut(String pattern, String path) {
        assertThat(excluded(pattern, path)).isTrue();
    }

    @ParameterizedTest(name = "{0} keeps {1}")
    @CsvSource({
        "*.tmp, /srv/a.tmpx",
        "*.tmp, /srv/tmp",
        "cache, /srv/caches",
        "/cache, /srv/cache",
        "/srv/*/log, /srv/log",
        "/srv/*/log, /srv/a/b/log",
        "app/log, /srv/app/x/log",
        "/srv/**/log, /srv/alog",
        "file?, /srv/file",
        "file?, /srv/file12",
        "[a-c]x, /srv/dx",
        "[!a-c]x, /srv/bx",
        "[!]]y, /srv/]y",
        "a*b*c, /aXcYb",
        "[a-c]x, /srv/x",
        "/, /srv/x"
    })
    void whatDoesNotMatchStays(String pattern, String path) {
        if (pattern.equals("/")) {
            assertThatExceptionOfType(UsageException.class).isThrownBy(() -> excluded(pattern, path));
        } else {
            assertThat(excluded(pattern, path)).isFalse();
        }
    }

    @ParameterizedTest(name = "case {index}")
    @ValueSource(strings = {"", "/", "[", "a[", "[]", "[!]", "[^]", "[a-z", "x/[a/b]", "a\\x5b", "[\\x5d", "[[]["})
    void aPatternThatCannotBeMeantIsRefusedWhenItIsGiven(String pattern) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> new Exclusions(List.of(pattern)))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.PATTERN_MALFORMED));
    }

    @Test
    void namesThatAreNoTextAreMatchedByTheirBytes() {
        assertThat(excluded("r\\xe9sum\\xe9*", "/srv/r\\xe9sum\\xe9.doc")).isTrue();
        assertThat(excluded("r?sum?.doc", "/srv/r\\xe9sum\\xe9.doc")).isTrue();
        assertThat(excluded("[\\xe0-\\xef]x", "/srv/\\xe9x")).isTrue();
    }

    @Test
    void oneOfSeveralPatternsIsEnoughAndNoneLeavesNothingOut() {
        var some = new Exclusions(List.of("*.tmp", "/proc"));

        assertThat(some.exclude(PathBytes.of("/proc"))).isTrue();
        assertThat(some.exclude(PathBytes.of("/x.tmp"))).isTrue();
        assertThat(some.exclude(PathBytes.of("/srv"))).isFalse();
        assertThat(some.isEmpty()).isFalse();
        assertThat(new Exclusions(List.of()).isEmpty()).isTrue();
        assertThat(new Exclusions(List.of()).exclude(PathBytes.of("/x"))).isFalse();
    }

    @Test
    void noPatternOfStarsTakesLong() {
        String pattern = "*a".repeat(60) + "b";
        PathBytes path = PathBytes.of("/" + "a".repeat(250));

        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(new Exclusions(List.of(pattern)).exclude(path)).isFalse());
    }

    @Test
    void anyPatternIsRefusedOrAnswers() {
        SeededRandom random = SeededRandom.of(1);
        int answered = 0;
        for (int i = 0; i < 5000; i++) {
            var pattern = new StringBuilder();
            for (int length = random.between(1, 10); length > 0; length--) {
                pattern.append(random.pick("*", "?", "[", "]", "!", "-", "a", "b", "/", "\\x5b"));
            }
            try {
                new Exclusions(List.of(pattern.toString())).exclude(PathBytes.of("/a/[b/ab-]/!"));
                answered++;
            } catch (UsageException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.PATTERN_MALFORMED);
            }
        }
        assertThat(answered).isBetween(1000, 4900);
    }
}
