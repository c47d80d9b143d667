package org.medbackup.core.spi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectNameTest {

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"format", "format.2", "keys/owner-00ff", "d/ab/0123", "a/_b-c.d"})
    void namesOfTheFormatAreNames(String text) {
        assertThat(ObjectName.of(text)).hasToString(text);
        assertThat(ObjectName.isName(text)).isTrue();
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"", "/", "/a", "a/", "a//b", ".", "..", "a/../b", ".tmp/x", "A", "a b", "\u00e9", "a\\b"})
    void whatATargetMayNotTakeOrMayTakeForAPathIsNoName(String text) {
        assertThat(ObjectName.isName(text)).isFalse();
        assertThatThrownBy(() -> ObjectName.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNameHasAtMostTwoHundredCharacters() {
        assertThat(ObjectName.isName("a".repeat(200))).isTrue();
        assertThat(ObjectName.isName("a".repeat(201))).isFalse();
    }

    @Test
    void namesSortByTheirText() {
        assertThat(ObjectName.of("a/b")).isLessThan(ObjectName.of("a/c")).isGreaterThan(ObjectName.of("a-b"));
        assertThat(ObjectName.of("a")).isEqualTo(new ObjectName("a")).isEqualByComparingTo(new ObjectName("a"));
    }
}
