package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.corpus.RandomTree;
import org.medbackup.corpus.TreeOnDisk;
import org.medbackup.testkit.MemoryStore;

/**
 * {@code docs/format.md} is true: a reader in another language, written from that page and sharing no code with this
 * program, restores what it wrote.
 */
class OtherReaderTest {

    private static final Path ROOT = Path.of(System.getProperty("medbackup.root", ".."));
    private static final Path READERS = Path.of("src/test/python").toAbsolutePath();

    /** A line of a {@link TreeListing}: path, type, and at its end what the type is about. */
    private static final Pattern LINE =
            Pattern.compile("(.*) (FOLDER|REGULAR|SYMLINK) [0-7]+ \\d+:\\d+ FileTime\\[[^]]*](.*)", Pattern.DOTALL);

    private static final Pattern CONTENT = Pattern.compile(" size \\d+ sha256 [0-9a-f]{64}");

    @TempDir
    Path temp;

    private String python = "";

    @BeforeEach
    void findPython() {
        Completed found = Processes.system()
                .run(Command.of(ROOT.resolve("dev/reader-python").toString(), "--no-install")
                        .with("HOME", Objects.requireNonNullElse(System.getenv("HOME"), "/"))
                        .with("XDG_CACHE_HOME", cacheFolder()));
        assumeTrue(found.succeeded(), "needs the packages that dev/reader-python installs");
        python = found.output().strip();
    }

    private static String cacheFolder() {
        return Objects.requireNonNullElseGet(
                System.getenv("XDG_CACHE_HOME"),
                () -> Objects.requireNonNullElse(System.getenv("HOME"), "/") + "/.cache");
    }

    private Completed read(String program, String... more) {
        var words = new ArrayList<>(List.of(
                python,
                "-B",
                READERS.resolve(program).toString(),
                temp.resolve("repository").toString(),
                temp.resolve("password").toString()));
        words.addAll(List.of(more));
        return Processes.system().run(Command.of(words));
    }

    private String done(String program, String... more) {
        Completed ended = read(program, more);
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.exitCode()).isZero();
        return ended.output();
    }

    /** Folders, symlinks and contents of a listing, without the attributes, which the other reader does not restore. */
    private static List<String> contents(Iterable<String> listing) {
        var contents = new ArrayList<String>();
        for (String line : listing) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                continue;
            }
            String about = "";
            if (parts.group(2).equals("REGULAR")) {
                Matcher content = CONTENT.matcher(parts.group(3));
                assertThat(content.find()).as(line).isTrue();
                about = content.group();
            } else if (parts.group(2).equals("SYMLINK")) {
                about = parts.group(3).substring(parts.group(3).lastIndexOf(' '));
            }
            contents.add(parts.group(1) + " " + parts.group(2) + about);
        }
        return contents;
    }

    private static InputStream golden(String name) {
        return Objects.requireNonNull(OtherReaderTest.class.getResourceAsStream("/golden/v1/" + name));
    }

    private void unpackGolden() throws IOException {
        Files.writeString(temp.resolve("password"), GoldenRepository.PASSWORD);
        try (var zip = new ZipInputStream(golden("repository.zip"))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                keep(entry.getName(), zip.readAllBytes());
            }
        }
    }

    private void keep(String name, byte[] object) throws IOException {
        Path file = temp.resolve("repository").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, object);
    }

    @Test
    void theGoldenRepositoryIsRestoredByAReaderInAnotherLanguage() throws IOException {
        unpackGolden();
        List<String> expected;
        try (InputStream listing = golden("listing.txt")) {
            expected = new String(listing.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        List<String> points = done("read_repository.py", "list")
                .lines()
                .map(line -> line.substring(0, 32))
                .toList();
        assertThat(points).hasSize(2);

        var restored = new ArrayList<String>();
        for (String point : points) {
            Path target = Files.createDirectory(temp.resolve(point));
            done("read_repository.py", "restore", point, target.toString());
            TreeListing.of(target.resolve(GoldenRepository.SOURCE)).forEach(line -> restored.add(point + " " + line));
        }

        assertThat(contents(restored)).containsExactlyInAnyOrderElementsOf(contents(expected));
        assertThat(done("check_index.py")).endsWith("entries, in the index as in the packs\n");
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void theGoldenHistoryIsRestoredAndWhatDoesNotCountIsNotOffered(RepositoryOptions.Signatures signatures)
            throws IOException {
        Files.writeString(temp.resolve("password"), GoldenHistory.PASSWORD);
        SortedMap<String, byte[]> golden = GoldenHistoryTest.files(signatures);
        for (Map.Entry<String, byte[]> file : golden.entrySet()) {
            if (file.getKey().startsWith("repository/")) {
                keep(file.getKey().substring("repository/".length()), file.getValue());
            }
        }
        String refused =
                GoldenHistoryTest.lines(golden, "story.txt", "refused ").getFirst();
        String forgotten =
                GoldenHistoryTest.lines(golden, "story.txt", "forgotten ").getFirst();

        Completed listed = read("read_repository.py", "list");

        assertThat(listed.exitCode()).isZero();
        assertThat(listed.errors().strip()).isEqualTo("s/" + refused + ": it is signed by a key that had been revoked");
        List<String> points =
                listed.output().lines().map(line -> line.substring(0, 32)).toList();
        assertThat(points).containsExactlyInAnyOrderElementsOf(GoldenHistoryTest.lines(golden, "story.txt", "there "));
        assertThat(read("read_repository.py", "restore", forgotten, temp.toString())
                        .errors())
                .contains("it was given up");
        assertThat(read("read_repository.py", "restore", refused, temp.toString())
                        .errors())
                .contains("had been revoked");
        var restored = new ArrayList<String>();
        for (String point : points) {
            Path target = Files.createDirectory(temp.resolve(point));
            done("read_repository.py", "restore", point, target.toString());
            TreeListing.of(target.resolve(GoldenHistory.SOURCE)).forEach(line -> restored.add(point + " " + line));
        }
        assertThat(contents(restored))
                .containsExactlyInAnyOrderElementsOf(contents(GoldenHistoryTest.lines(golden, "listing.txt", "")));
    }

    @Test
    void theGoldenRepositoryWithClassesOfPlacementIsRestored() throws IOException {
        Files.writeString(temp.resolve("password"), GoldenPlacements.PASSWORD);
        for (Map.Entry<String, byte[]> object : GoldenPlacementsTest.objects().entrySet()) {
            keep(object.getKey(), object.getValue());
        }
        var restored = new ArrayList<String>();

        for (String line : done("read_repository.py", "list").lines().toList()) {
            String point = line.substring(0, 32);
            Path target = Files.createDirectory(temp.resolve(point));
            done("read_repository.py", "restore", point, target.toString());
            TreeListing.of(target.resolve("golden")).forEach(each -> restored.add(point + " " + each));
        }

        assertThat(contents(restored)).containsExactlyInAnyOrderElementsOf(contents(GoldenPlacementsTest.listing()));
        assertThat(done("check_index.py")).endsWith("entries, in the index as in the packs\n");
    }

    @Test
    void theOtherReaderIsShort() throws IOException {
        assertThat(Files.readAllLines(READERS.resolve("read_repository.py"))).hasSizeLessThanOrEqualTo(300);
    }

    @Test
    void whatThisProgramWritesTodayIsRestoredByAReaderInAnotherLanguage() throws IOException {
        Path source = Files.createDirectory(temp.resolve("source"));
        TreeOnDisk.write(RandomTree.of(5, new RandomTree.Shape(40, 20_000, true)), source);
        Files.write(source.resolve("large.img"), Bytes.text(3, 700_000));
        var store = new MemoryStore();
        Sandbox sandbox = new Sandbox(temp.resolve("state"), store).create();
        String first = sandbox.backup(source).snapshot();
        Files.write(source.resolve("later.img"), Bytes.random(4, 300_000));
        String second = sandbox.backup(source).snapshot();
        sandbox.verify(VerifyLevel.PRESENCE);
        for (ObjectName name : store.names()) {
            keep(name.text(), store.readAll(name));
        }
        Files.writeString(temp.resolve("password"), Sandbox.PASSWORD);

        for (String point : List.of(first, second)) {
            Path target = Files.createDirectory(temp.resolve(point));
            done("read_repository.py", "restore", point, target.toString());
            sandbox.restore(point, source, temp.resolve("ours-" + point));
            assertThat(contents(TreeListing.of(Path.of(target + source.toString()))))
                    .containsExactlyElementsOf(contents(TreeListing.of(temp.resolve("ours-" + point))));
        }
        assertThat(done("check_index.py")).endsWith("entries, in the index as in the packs\n");
    }

    @Test
    void theOtherReaderRefusesAWrongPasswordAndAChangedByte() throws IOException {
        unpackGolden();
        Files.writeString(temp.resolve("password"), "another");
        Completed wrong = read("read_repository.py", "list");
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.errors()).contains("another key sealed it");

        unpackGolden();
        Path packs = temp.resolve("repository/d");
        Path pack;
        try (var files = Files.walk(packs)) {
            pack = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 1;
        Files.write(pack, bytes);
        Completed damaged = read("read_repository.py", "list");
        assertThat(damaged.exitCode()).isEqualTo(1);
        assertThat(damaged.errors()).contains("is not the one of its name");
    }
}
