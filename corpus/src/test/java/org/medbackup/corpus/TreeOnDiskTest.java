package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.RandomTree.Shape;
import org.medbackup.corpus.TreeEdit.Create;
import org.medbackup.corpus.TreeEdit.Remove;
import org.medbackup.corpus.TreeEdit.Rename;
import org.medbackup.corpus.TreeEntry.Folder;
import org.medbackup.corpus.TreeEntry.Metadata;
import org.medbackup.corpus.TreeEntry.RegularFile;
import org.medbackup.corpus.TreeEntry.Symlink;

class TreeOnDiskTest {

    private static final Metadata META = new Metadata(0755, Instant.ofEpochSecond(1_700_000_000, 123_456_789));

    @TempDir
    Path root;

    static LongStream seeds() {
        return Seeds.of(12);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void theDiskIsAsTheModelAfterWritingAndAfterEachDayOfEdits(long seed) throws IOException {
        FileTree tree = RandomTree.of(seed);
        assertThat(TreeOnDisk.write(tree, root)).isEmpty();
        assertSame(tree);

        for (int day = 0; day < 4; day++) {
            for (TreeEdit edit : RandomTree.edits(tree, day)) {
                assertThat(TreeOnDisk.apply(edit, root)).isTrue();
                tree = tree.apply(edit);
            }
            assertSame(tree);
        }
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void whatJavaCannotNameIsLeftToTheCallerAndTheRestIsMade(long seed) throws IOException {
        FileTree tree = RandomTree.of(seed, Shape.SMALL.withForeignNames());

        var left = TreeOnDisk.write(tree, root);

        assertThat(left).isSorted();
        var made = new TreeSet<>(tree.entries().keySet());
        left.forEach(made::remove);
        assertThat(found()).isEqualTo(made);
        assertThat(left)
                .allSatisfy(path -> assertThat(path.isText()
                                && !(tree.at(path) instanceof Symlink link && !RawPath.isText(link.target())))
                        .isFalse());
    }

    @Test
    void editsOfForeignNamesAreLeftToTheCaller() throws IOException {
        RawPath foreign = RawPath.copyOf(new byte[] {(byte) 0xff});
        var link = new Symlink(new byte[] {(byte) 0xff}, META);

        assertThat(TreeOnDisk.apply(new Create(foreign, new Folder(META), META.modified()), root))
                .isFalse();
        assertThat(TreeOnDisk.apply(new Create(RawPath.of("l"), link, META.modified()), root))
                .isFalse();
        assertThat(found()).isEmpty();
    }

    @Test
    void aRenamedFileKeepsItsInode() throws IOException {
        var file = new RegularFile(1, Content.text(1, 10), META);
        TreeOnDisk.apply(new Create(RawPath.of("a"), file, META.modified()), root);
        Object before = Files.getAttribute(root.resolve("a"), "unix:ino");

        TreeOnDisk.apply(new Rename(RawPath.of("a"), RawPath.of("b"), META.modified()), root);

        assertThat(Files.getAttribute(root.resolve("b"), "unix:ino")).isEqualTo(before);
        TreeOnDisk.apply(new Remove(RawPath.of("b"), META.modified()), root);
        assertThat(found()).isEmpty();
    }

    @Test
    void holesTakeNoRoomOnDisk() throws IOException, InterruptedException {
        var sparse = new RegularFile(1, Content.hole(64 << 20).then(Content.random(1, 65_536)), META);
        TreeOnDisk.apply(new Create(RawPath.of("sparse"), sparse, META.modified()), root);

        var du = new ProcessBuilder("du", "-k", root.resolve("sparse").toString()).start();
        String used = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(du.waitFor()).isZero();
        assertThat(Integer.parseInt(used.split("\\s")[0])).isBetween(64, 256);
    }

    private void assertSame(FileTree tree) throws IOException {
        assertThat(found()).isEqualTo(tree.entries().keySet());
        var inodes = new HashMap<Object, Long>();
        for (Map.Entry<RawPath, TreeEntry> named : tree.entries().entrySet()) {
            Path file = root.resolve(named.getKey().toString());
            TreeEntry entry = named.getValue();
            assertThat(Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                            .toInstant())
                    .as("time of %s", named.getKey())
                    .isEqualTo(entry.metadata().modified());
            switch (entry) {
                case Folder folder -> assertMode(file, folder.metadata());
                case Symlink link ->
                    assertThat(Files.readSymbolicLink(file).toString())
                            .isEqualTo(new String(link.target(), StandardCharsets.UTF_8));
                case RegularFile regular -> {
                    assertMode(file, regular.metadata());
                    assertThat(Digests.of(Files.readAllBytes(file)))
                            .isEqualTo(Digests.of(regular.content().bytes()));
                    Long first = inodes.putIfAbsent(Files.getAttribute(file, "unix:ino"), regular.identity());
                    assertThat(first == null || first == regular.identity()).isTrue();
                    assertThat(Files.getAttribute(file, "unix:nlink"))
                            .isEqualTo(tree.names(regular).size());
                }
            }
        }
    }

    private static void assertMode(Path file, Metadata metadata) throws IOException {
        String octal = "rwxrwxrwx";
        var expected = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            expected.append((metadata.mode() >> 8 - i & 1) == 1 ? octal.charAt(i) : '-');
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo(expected.toString());
    }

    private Set<RawPath> found() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            var found = new TreeSet<RawPath>();
            all.filter(path -> !path.equals(root))
                    .forEach(path -> found.add(RawPath.of(root.relativize(path).toString())));
            return found;
        }
    }
}
