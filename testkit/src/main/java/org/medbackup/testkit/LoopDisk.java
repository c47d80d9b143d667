package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/**
 * A file system of its own in a file, mounted by root. Thawed and unmounted when it is closed, whatever happened. For one
 * thread. A test that makes one is skipped where it is not root's or the program is missing.
 */
public final class LoopDisk implements AutoCloseable {

    private final Path image;
    private final Path place;
    private boolean mounted;

    private LoopDisk(Path image, Path place) {
        this.image = image;
        this.place = place;
    }

    /**
     * Makes and mounts one.
     *
     * @param place where it is mounted; the image lies beside it
     * @param type {@code ext4}, {@code xfs} or {@code btrfs}
     * @param mebibytes its size; XFS needs 300, Btrfs 114
     */
    public static LoopDisk mounted(Path place, String type, int mebibytes) {
        Path image = place.resolveSibling(place.getFileName() + ".img");
        var disk = new LoopDisk(image, place);
        try {
            Files.createDirectories(place);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        assumeTrue(Files.exists(Path.of("/usr/sbin/mkfs." + type)), "needs mkfs." + type);
        call("truncate", "-s", mebibytes + "M", image.toString());
        call("mkfs." + type, type.equals("ext4") ? "-F" : "-f", "-q", image.toString());
        call("mount", "-t", type, "-o", "loop", image.toString(), place.toString());
        disk.mounted = true;
        return disk;
    }

    /** Where it is mounted. */
    public Path place() {
        return place;
    }

    /** The file that holds it. */
    public Path image() {
        return image;
    }

    private static Completed run(String... command) {
        return Processes.system().run(Command.of(command).within(Duration.ofSeconds(30)));
    }

    private static void call(String... command) {
        Completed done = run(command);
        assertThat(done.exitCode()).as("%s: %s", command[0], done.errors()).isZero();
    }

    @Override
    public void close() {
        if (mounted) {
            mounted = false;
            // Fails where nothing is frozen, which is as it should be.
            run("fsfreeze", "-u", place.toString());
            call("umount", "--lazy", place.toString());
        }
    }
}
