package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.engine.VerifyLevel;

/** A device without room ends a backup with what to do, harms nothing, and when there is room the next one works. */
class FullDiskTest {

    @TempDir
    Path temp;

    private Path folder = Path.of("/");
    private Path source = Path.of("/");
    private Program program = new Program(folder);

    @BeforeEach
    void makeFolders() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting a file system needs root");
        folder = Files.createDirectory(temp.resolve("work"));
        source = Files.createDirectory(folder.resolve("source"));
        Files.createDirectory(folder.resolve("disk"));
        Papers.write(source.resolve("first"), 1, 2);
        program = new Program(folder);
    }

    private Program.Ended backup() {
        return program.run("backup", source.toString(), "--source", "papers", "--json");
    }

    private static void assertFull(Program.Ended ended) {
        ended.with(1);
        assertThat(ended.json().members("error").text("code")).isEqualTo("NO_SPACE");
        assertThat(ended.json().members("error").text("remedy")).contains("Free space");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"tmpfs", "ext4"})
    void aFullTargetEndsTheBackupAndHarmsNothing(String kind) throws IOException {
        Path place = folder.resolve("disk");
        try (SmallDisk disk = kind.equals("tmpfs") ? SmallDisk.tmpfs(place, 40) : SmallDisk.ext4(place, 48)) {
            Path repository = Files.createDirectory(place.resolve("repository"));
            Files.createSymbolicLink(folder.resolve("repository"), repository);
            program.run("init").with(0);
            String first = backup().with(0).json().text("snapshot");
            Path ballast = disk.ballast(24);
            Papers.write(source.resolve("second"), 2, 40);

            assertFull(backup());

            try (var product = new Product(folder)) {
                assertThat(product.restorePoints()).containsExactly(first);
                assertThat(product.verify(VerifyLevel.CONTENT).damaged()).isEmpty();
                product.restore(first, source, folder.resolve("restored-first"));
            }
            assertThat(folder.resolve("restored-first/first")).hasSameBinaryContentAs(source.resolve("first"));

            Files.delete(ballast);
            Papers.write(source.resolve("second"), 3, 4);
            String second = backup().with(0).json().text("snapshot");

            try (var product = new Product(folder)) {
                assertThat(product.verify(VerifyLevel.CONTENT).damaged()).isEmpty();
                product.restore(second, source, folder.resolve("restored"));
            }
            assertThat(Papers.sums(folder.resolve("restored"))).isEqualTo(Papers.sums(source));
        }
    }

    @Test
    void aFullStateFolderEndsTheBackupAndHarmsNothing() throws IOException {
        try (SmallDisk disk = SmallDisk.tmpfs(folder.resolve("state"), 8)) {
            program.run("init").with(0);
            String first = backup().with(0).json().text("snapshot");
            Papers.write(source.resolve("second"), 2, 2);
            Path filler = disk.fill();

            assertFull(backup());

            try (var product = new Product(folder)) {
                assertThat(product.restorePoints()).contains(first);
                assertThat(product.verify(VerifyLevel.CONTENT).damaged()).isEmpty();
            }
            Files.delete(filler);
            String second = backup().with(0).json().text("snapshot");
            try (var product = new Product(folder)) {
                product.restore(second, source, folder.resolve("restored"));
            }
            assertThat(Papers.sums(folder.resolve("restored"))).isEqualTo(Papers.sums(source));
        }
    }
}
