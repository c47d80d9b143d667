package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

/** Files of the system itself, as a new user tries it. */
class SystemFilesTest {

    private static final Path SOURCE = Path.of("/usr/share/perl5");

    @TempDir
    Path temp;

    @Test
    void theSystemsFilesComeBackWithContentsModesOwnersTimesAndLinks() throws IOException {
        Path source = Files.isDirectory(SOURCE) ? SOURCE : Path.of("/usr/share/misc");
        Path folder = Files.createDirectory(temp.resolve("work"));
        Program program = new Program(folder);
        program.run("init", "--writer-key", folder.resolve("writer.key").toString())
                .with(0);
        program.run("backup", source.toString(), "--source", "system").with(0);

        JsonValue.Members second = program.run("backup", source.toString(), "--source", "system", "--json")
                .with(0)
                .json();
        program.run("verify", "--level", "content").with(0);
        program.run("restore", "latest", "--target", folder.resolve("out").toString())
                .with(0);

        assertThat(second.members("files").whole("changed")).isZero();
        assertThat(second.members("bytes").whole("read")).isZero();
        assertThat(listing(folder.resolve("out" + source))).isNotEmpty().isEqualTo(listing(source));
    }

    private static SortedMap<String, String> listing(Path root) throws IOException {
        var listing = new TreeMap<String, String>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                var attributes = new TreeMap<>(Files.readAttributes(
                        path, "unix:mode,uid,gid,lastModifiedTime,size", LinkOption.NOFOLLOW_LINKS));
                boolean folder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                if (folder) {
                    attributes.remove("size");
                }
                listing.put(root.relativize(path).toString(), attributes + " " + content(path));
            }
        }
        return listing;
    }

    private static String content(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return Files.readSymbolicLink(path).toString();
        }
        if (!Files.isRegularFile(path)) {
            return "";
        }
        var sum = new CRC32C();
        sum.update(Files.readAllBytes(path));
        return Long.toHexString(sum.getValue());
    }
}
