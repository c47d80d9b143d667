package org.medbackup.governor.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.medbackup.core.error.ErrorCode;

/**
 * Where processes find the files by which they share limits. A file is named for its resource, the boot, and the name spaces
 * of processes and of time: clocks and numbers of processes mean the same for all who use it. Those of earlier boots are
 * removed.
 */
final class SharedFolder {

    private static final String END = ".limits";

    private SharedFolder() {}

    /** The file of a resource; the folder is there then. */
    static Path file(Path folder, String resource) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            String boot = sum(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")));
            removeOfOtherBoots(folder, boot);
            return folder.resolve(resource + "-1-" + boot + "-" + sum(space("pid") + space("time")) + END);
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("limits cannot be shared by a file in it", failed);
        }
    }

    private static void removeOfOtherBoots(Path folder, String boot) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> others = files.filter(
                            file -> file.getFileName().toString().endsWith(END)
                                    && !file.getFileName().toString().contains("-" + boot + "-"))
                    .toList();
            for (Path other : others) {
                Files.deleteIfExists(other);
            }
        }
    }

    private static String space(String kind) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns", kind)).toString();
        } catch (IOException | UnsupportedOperationException none) {
            // A kernel without it has one for all.
            return kind;
        }
    }

    private static String sum(String text) {
        var sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }
}
