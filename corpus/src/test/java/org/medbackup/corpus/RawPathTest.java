package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawPathTest {

    @Test
    void aFolderIsFollowedByAllThatLiesInIt() {
        var sorted = List.of(
                RawPath.ROOT,
                RawPath.of("a"),
                RawPath.of("a/z"),
                RawPath.of("a/z/\u0001"),
                RawPath.of("a\u0001"),
                RawPath.of("a-b"),
                RawPath.of("ab"),
                RawPath.copyOf(new byte[] {(byte) 0xff}));
        var shuffled = SeededRandom.of(1).shuffled(sorted);

        Collections.sort(shuffled);

        assertThat(shuffled).isEqualTo(sorted);
    }

    @Test
    void aPathIsTakenApartAtItsSeparators() {
        RawPath path = RawPath.of("a/b").resolve("c".getBytes(StandardCharsets.UTF_8));

        assertThat(path).hasToString("a/b/c").isEqualTo(RawPath.of("a/b/c")).hasSameHashCodeAs(RawPath.of("a/b/c"));
        assertThat(path.parent()).isEqualTo(RawPath.of("a/b"));
        assertThat(path.depth()).isEqualTo(3);
        assertThat(path.parent().parent().parent()).isEqualTo(RawPath.ROOT);
        assertThat(RawPath.ROOT.depth()).isZero();
        assertThat(RawPath.ROOT.parent()).isEqualTo(RawPath.ROOT);
        assertThat(path.isWithin(RawPath.of("a"))).isTrue();
        assertThat(path.isWithin(path)).isTrue();
        assertThat(path.isWithin(RawPath.ROOT)).isTrue();
        assertThat(RawPath.of("ab").isWithin(RawPath.of("a"))).isFalse();
        assertThat(RawPath.of("a").isWithin(path)).isFalse();
    }

    @Test
    void namesThatAreNoTextKeepTheirBytes() {
        byte[] name = {'x', (byte) 0xc3};
        RawPath path = RawPath.copyOf(name);
        name[0] = 'y';

        assertThat(path.isText()).isFalse();
        assertThat(path.bytes()).containsExactly('x', 0xc3);
        assertThat(RawPath.of("é").isText()).isTrue();
    }
}
