package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.RandomTree.Shape;
import org.medbackup.corpus.TreeEdit.Create;
import org.medbackup.corpus.TreeEdit.Link;
import org.medbackup.corpus.TreeEdit.Remove;
import org.medbackup.corpus.TreeEdit.Rename;
import org.medbackup.corpus.TreeEdit.Rewrite;
import org.medbackup.corpus.TreeEdit.Touch;
import org.medbackup.corpus.TreeEntry.Folder;
import org.medbackup.corpus.TreeEntry.Metadata;
import org.medbackup.corpus.TreeEntry.RegularFile;
import org.medbackup.corpus.TreeEntry.Symlink;

class RandomTreeTest {

    private static final Instant THEN = Instant.ofEpochSecond(1_700_000_000);
    private static final Instant LATER = Instant.ofEpochSecond(1_800_000_000);

    static LongStream seeds() {
        return Seeds.of(100);
    }

    @Test
    void theTreeOfASeedAndItsEditsNeverChange() {
        FileTree tree = RandomTree.of(1);

        assertThat(digest(tree)).isEqualTo("6ca6ba4d8a7a6334");
        assertThat(digest(tree.edit(2))).isEqualTo("a202cb52121b6f85");
        assertThat(RandomTree.of(1)).isEqualTo(tree).hasSameHashCodeAs(tree).isNotEqualTo(RandomTree.of(2));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void everyNameLiesInAFolderAndCanExist(long seed) {
        FileTree tree = RandomTree.of(seed, Shape.USUAL.withForeignNames());

        assertThat(tree.entries()).hasSize(60);
        tree.entries().forEach((path, entry) -> {
            assertThat(path.parent().equals(RawPath.ROOT) || tree.at(path.parent()) instanceof Folder)
                    .isTrue();
            byte[] bytes = path.bytes();
            assertThat(bytes).doesNotContain(0);
            assertThat(bytes.length - path.parent().bytes().length).isLessThanOrEqualTo(256);
            assertThat(path.depth()).isLessThanOrEqualTo(5);
            if (entry instanceof RegularFile file) {
                assertThat(file.content().size()).isLessThanOrEqualTo(Shape.USUAL.largest());
                assertThat(tree.names(file))
                        .contains(path)
                        .allSatisfy(name -> assertThat(tree.at(name)).isEqualTo(file));
            }
        });
    }

    @Test
    void manySeedsTogetherHaveEverythingThatTroublesBackups() {
        var sizes = new HashSet<Long>();
        var seen = new HashSet<String>();
        for (long seed = 0; seed < 60; seed++) {
            FileTree tree = RandomTree.of(seed, Shape.USUAL.withForeignNames());
            tree.entries().forEach((path, entry) -> {
                seen.add(path.isText() ? "text" : "foreign");
                seen.add(path.toString().contains("\n") ? "newline" : "line");
                seen.add(entry.getClass().getSimpleName());
                if (entry instanceof RegularFile file) {
                    sizes.add(file.content().size());
                    seen.add(file.content().isSparse() ? "sparse" : "dense");
                    seen.add(tree.names(file).size() > 1 ? "linked" : "single");
                }
            });
        }

        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "text",
                        "foreign",
                        "newline",
                        "line",
                        "Folder",
                        "RegularFile",
                        "Symlink",
                        "sparse",
                        "dense",
                        "linked",
                        "single");
        assertThat(sizes)
                .contains(0L, 1L, 4095L, 4096L, 65_535L, 65_536L, 262_143L, 262_144L)
                .contains((1L << 20) - 1, 1L << 20, (1L << 20) + 1)
                .anyMatch(size -> size > 3 << 20);
    }

    @Test
    void holesBeginAndEndAtMultiplesOf64Kibibytes() {
        for (long seed = 0; seed < 60; seed++) {
            FileTree tree = RandomTree.of(seed).edit(1).edit(2);
            for (TreeEntry entry : tree.entries().values()) {
                if (entry instanceof RegularFile file && file.content().isSparse()) {
                    assertThat(file.content().extents()).allSatisfy(extent -> {
                        long end = extent.offset() + extent.length();
                        assertThat(extent.offset() % 65_536).isZero();
                        assertThat(end % 65_536 == 0 || end == file.content().size())
                                .isTrue();
                    });
                }
            }
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void editsFitTheTreeAndComeAfterIt(long seed) {
        FileTree tree = RandomTree.of(seed, Shape.SMALL.withForeignNames());

        for (int day = 0; day < 5; day++) {
            List<TreeEdit> edits = RandomTree.edits(tree, day);
            FileTree edited = tree.apply(edits);
            assertThat(edits).isNotEmpty();
            assertThat(edited).isEqualTo(tree.edit(day));
            for (TreeEdit edit : edits) {
                if (edit instanceof Create create) {
                    assertThat(create.time()).isAfter(tree.latest());
                }
                if (edit instanceof Rename rename) {
                    assertThat(rename.to().isText()).isEqualTo(rename.path().isText());
                }
            }
            tree = edited;
        }
    }

    @Test
    void everySortOfEditOccurs() {
        var kinds = new HashSet<Class<?>>();
        LongStream.range(0, 30)
                .forEach(seed -> RandomTree.edits(RandomTree.of(seed), 7).forEach(edit -> kinds.add(edit.getClass())));

        assertThat(kinds).isEqualTo(Set.of(TreeEdit.class.getPermittedSubclasses()));
    }

    @Test
    void anEmptyTreeIsEditedByMakingSomething() {
        assertThat(FileTree.EMPTY.latest()).isEqualTo(Instant.EPOCH);
        assertThat(RandomTree.edits(FileTree.EMPTY, 1).getFirst()).isInstanceOf(Create.class);
        assertThatThrownBy(() -> new Shape(-1, 1, false)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void allNamesOfAFileShowWhatIsWrittenThroughOne() {
        FileTree tree = sample().apply(new Rewrite(RawPath.of("d/link"), Content.zeros(9), LATER))
                .apply(new Touch(RawPath.of("d/file"), new Metadata(0600, LATER)));

        assertThat(tree.at(RawPath.of("d/file"))).isEqualTo(tree.at(RawPath.of("d/link")));
        assertThat(tree.at(RawPath.of("d/file")))
                .isEqualTo(new RegularFile(1, Content.zeros(9), new Metadata(0600, LATER)));
    }

    @Test
    void aFolderMovesWithAllThatLiesInItAndBothParentsShowTheTime() {
        FileTree tree = sample().apply(new Create(RawPath.of("e"), folder(), THEN))
                .apply(new Rename(RawPath.of("d/sub"), RawPath.of("e/moved"), LATER));

        assertThat(tree.entries().keySet())
                .containsExactly(
                        RawPath.of("d"),
                        RawPath.of("d/file"),
                        RawPath.of("d/link"),
                        RawPath.of("e"),
                        RawPath.of("e/moved"),
                        RawPath.of("e/moved/deep"));
        assertThat(tree.at(RawPath.of("d")).metadata().modified()).isEqualTo(LATER);
        assertThat(tree.at(RawPath.of("e")).metadata().modified()).isEqualTo(LATER);
        assertThat(tree.at(RawPath.of("e/moved")).metadata().modified()).isEqualTo(THEN);
        assertThat(tree.latest()).isEqualTo(LATER);
    }

    @Test
    void removingAFolderRemovesAllThatLiesInIt() {
        FileTree tree = sample().apply(new Remove(RawPath.of("d"), LATER));

        assertThat(tree).isEqualTo(FileTree.EMPTY).hasToString("");
        assertThat(sample().toString())
                .startsWith("d Folder[")
                .contains("\nd/file RegularFile[identity=1, content=5 bytes in [");
    }

    @Test
    void editsThatDoNotFitAreRefused() {
        FileTree tree = sample();

        assertThatThrownBy(() -> tree.apply(new Remove(RawPath.of("none"), LATER)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.apply(new Create(RawPath.of("d/file"), folder(), LATER)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.apply(new Create(RawPath.of("none/x"), folder(), LATER)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void symlinksAreEqualByTheBytesOfTheirTargets() {
        var one = new Symlink(new byte[] {'a'}, new Metadata(0777, THEN));
        var same = new Symlink(new byte[] {'a'}, new Metadata(0777, THEN));

        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(one.with(new Metadata(0777, LATER)));
    }

    private static String digest(FileTree tree) {
        var parts = new ArrayList<byte[]>();
        tree.entries().forEach((path, entry) -> {
            parts.add(path.bytes());
            parts.add(entry.toString().getBytes(StandardCharsets.UTF_8));
            parts.add(entry instanceof RegularFile file ? file.content().bytes() : new byte[0]);
        });
        return Digests.of(parts.toArray(byte[][]::new));
    }

    private static FileTree sample() {
        var file = new RegularFile(1, Content.text(1, 5), new Metadata(0644, THEN));
        return FileTree.EMPTY
                .apply(new Create(RawPath.of("d"), folder(), THEN))
                .apply(new Create(RawPath.of("d/file"), file, THEN))
                .apply(new Link(RawPath.of("d/file"), RawPath.of("d/link"), THEN))
                .apply(new Create(RawPath.of("d/sub"), folder(), THEN))
                .apply(new Create(RawPath.of("d/sub/deep"), folder(), THEN));
    }

    private static Folder folder() {
        return new Folder(new Metadata(0755, THEN));
    }
}
