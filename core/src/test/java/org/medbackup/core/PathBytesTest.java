package org.medbackup.core;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;

class PathBytesTest {

    static LongStream seeds() {
        return Seeds.of(100);
    }

    /** Few different bytes, so that paths meet: separators, what sorts around them, escapes, bytes that are no text. */
    private static PathBytes anyPath(SeededRandom random) {
        var bytes = new byte[random.below(8)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (int) random.pick(1, (int) '-', (int) '/', (int) '/', (int) 'x', (int) '\\', 0xc3, 0xff);
        }
        return PathBytes.copyOf(bytes);
    }

    private static List<PathBytes> somePaths(SeededRandom random) {
        var paths = new ArrayList<PathBytes>();
        for (int i = 0; i < 60; i++) {
            paths.add(anyPath(random));
        }
        return paths;
    }

    /** One character for each byte, the separator below all others. */
    private static String ranked(PathBytes path) {
        return latin(path).replace('/', '\0');
    }

    private static String latin(PathBytes path) {
        return new String(path.bytes(), ISO_8859_1);
    }

    @Test
    void aFolderIsFollowedByAllThatLiesInIt() {
        List<PathBytes> sorted = new ArrayList<>(List.of(
                PathBytes.ROOT,
                PathBytes.of("a"),
                PathBytes.of("a/z"),
                PathBytes.of("a/z/\u0001"),
                PathBytes.of("a\u0001"),
                PathBytes.of("a-b"),
                PathBytes.of("ab"),
                PathBytes.copyOf(new byte[] {(byte) 0xff})));
        List<PathBytes> shuffled = SeededRandom.of(1).shuffled(sorted);

        Collections.sort(shuffled);

        assertThat(shuffled).isEqualTo(sorted);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void theOrderIsThatOfBytesWithTheSeparatorBelowThemAll(long seed) {
        List<PathBytes> paths = somePaths(SeededRandom.of(seed));
        List<PathBytes> model = new ArrayList<>(paths);
        model.sort(Comparator.comparing(PathBytesTest::ranked));

        Collections.sort(paths);

        assertThat(paths).isEqualTo(model);
        for (PathBytes a : paths) {
            for (PathBytes b : paths) {
                assertThat(PathBytes.compare(a.bytes(), b.bytes()) == 0).isEqualTo(a.equals(b));
            }
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void lyingWithinAFolderMeansToBeginWithItsNameAndASeparator(long seed) {
        List<PathBytes> paths = somePaths(SeededRandom.of(seed));
        for (PathBytes path : paths) {
            for (PathBytes folder : paths) {
                boolean within =
                        folder.isRoot() || path.equals(folder) || latin(path).startsWith(latin(folder) + "/");
                assertThat(path.isWithin(folder)).isEqualTo(within);
                if (within && !folder.isRoot() && !path.equals(folder)) {
                    assertThat(latin(folder) + "/" + latin(path.below(folder))).isEqualTo(latin(path));
                }
            }
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void whatIsPrintedReadsBackAsTheSameBytes(long seed) {
        for (PathBytes path : somePaths(SeededRandom.of(seed))) {
            assertThat(PathBytes.of(path.toString())).isEqualTo(path).hasSameHashCodeAs(path);
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void trimmingTakesTheSeparatorsAtBothEndsOnly(long seed) {
        for (PathBytes path : somePaths(SeededRandom.of(seed))) {
            assertThat(latin(path.trimmed()))
                    .isEqualTo(latin(path).replaceAll("^/+", "").replaceAll("/+$", ""));
        }
    }

    @Test
    void aPathIsTakenApartAndPutTogetherAtItsSeparators() {
        PathBytes path = PathBytes.of("/srv/docs");

        assertThat(path.parent()).isEqualTo(PathBytes.of("/srv"));
        assertThat(path.name()).isEqualTo(PathBytes.of("docs"));
        assertThat(path.parent().parent()).isEqualTo(PathBytes.ROOT);
        assertThat(PathBytes.of("single").parent()).isEqualTo(PathBytes.ROOT);
        assertThat(PathBytes.of("single").name()).hasToString("single");
        assertThat(path.resolve("a".getBytes(UTF_8))).hasToString("/srv/docs/a");
        assertThat(PathBytes.of("/").resolve(PathBytes.of("a"))).hasToString("/a");
        assertThat(PathBytes.ROOT.resolve(PathBytes.of("a"))).hasToString("a");
        assertThat(path.resolve(PathBytes.ROOT)).isSameAs(path);
        assertThat(path.below(PathBytes.of("/srv"))).hasToString("docs");
        assertThat(path.below(path)).isEqualTo(PathBytes.ROOT);
        assertThat(path.below(PathBytes.ROOT)).isEqualTo(path);
        assertThatThrownBy(() -> path.below(PathBytes.of("/sr")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("srv");
    }

    @Test
    void theBytesAreItsOwn() {
        byte[] bytes = {'a', (byte) 0xff};
        PathBytes path = PathBytes.copyOf(bytes);
        bytes[0] = 'b';
        path.bytes()[0] = 'c';

        assertThat(path.bytes()).containsExactly('a', 0xff);
        assertThat(path.length()).isEqualTo(2);
        assertThat(path.at(1)).isEqualTo((byte) 0xff);
        assertThat(path.isRoot()).isFalse();
        assertThat(path).isNotEqualTo("a\\xff");
    }

    @Test
    void foreignBytesArePrintedAsEscapesAndTextAsText() {
        assertThat(PathBytes.copyOf("M\u00fcller".getBytes(ISO_8859_1))).hasToString("M\\xfcller");
        assertThat(PathBytes.of("M\u00fcller")).hasToString("M\u00fcller");
        assertThat(PathBytes.of("a\\x5cx41")).hasToString("a\\x5cx41");
        assertThat(PathBytes.of("a\\x41").bytes()).isEqualTo("aA".getBytes(UTF_8));
        assertThat(PathBytes.of("\\xZZ \\x4")).isEqualTo(PathBytes.copyOf("\\xZZ \\x4".getBytes(UTF_8)));
    }
}
