package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small file system of its own, mounted by root; unmounted when it is closed, whatever happened. */
final class SmallDisk implements AutoCloseable {

    private final Path place;

    private SmallDisk(Path place) {
        this.place = place;
    }

    /** A file system in memory. */
    static SmallDisk tmpfs(Path place, int mebibytes) throws IOException {
        Files.createDirectories(place);
        run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", place.toString());
        return new SmallDisk(place);
    }

    /** A file system in a file. */
    static SmallDisk ext4(Path place, int mebibytes) throws IOException {
        Path image = place.resolveSibling(place.getFileName() + ".img");
        run("truncate", "-s", mebibytes + "M", image.toString());
        run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
        Files.createDirectories(place);
        run("mount", "-o", "loop", image.toString(), place.toString());
        return new SmallDisk(place);
    }

    /** Lets nothing be written any more, as a kernel does that has met an error of the disk; or lets it again. */
    void readOnly(boolean only) {
        run("mount", "-o", "remount," + (only ? "ro" : "rw"), place.toString());
    }

    /** Takes room, so that it can be given back. */
    Path ballast(int mebibytes) throws IOException {
        return Papers.write(place.resolve("ballast"), 99, mebibytes);
    }

    /** Takes all room that is left. */
    Path fill() throws IOException {
        Path filler = place.resolve("filler");
        var piece = new byte[4096];
        try (var out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
        return filler;
    }

    private static void run(String... command) {
        try {
            Process process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", command[0], said).isZero();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        run("umount", "--lazy", place.toString());
    }
}
