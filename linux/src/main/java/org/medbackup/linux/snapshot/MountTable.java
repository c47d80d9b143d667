package org.medbackup.linux.snapshot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.error.ErrorCode;

/** What is mounted where (proc_pid_mountinfo(5)). */
record MountTable(List<Mount> mounts) {

    /**
     * One mount.
     *
     * @param device number of the file system, the same for all subvolumes of one
     * @param root the folder of the file system that is seen
     * @param point where it is seen
     * @param type of the file system
     * @param source device, dataset or share
     */
    record Mount(String device, Path root, Path point, String type, String source) {}

    static MountTable read(Path file) {
        List<Mount> mounts = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                mounts.add(parse(line));
            }
        } catch (IOException unreadable) {
            throw ErrorCode.SYSTEM_CALL_FAILED.because("the table of mounts cannot be read", unreadable);
        }
        return new MountTable(mounts);
    }

    /** {@code 36 35 98:0 /root /point rw,noatime master:1 - ext4 /dev/root rw}. */
    private static Mount parse(String line) {
        List<String> parts = List.of(line.split(" ", -1));
        int end = parts.indexOf("-");
        return new Mount(
                parts.get(2),
                Path.of(plain(parts.get(3))),
                Path.of(plain(parts.get(4))),
                parts.get(end + 1),
                plain(parts.get(end + 2)));
    }

    /** Blanks and the like stand as three octal digits. */
    private static String plain(String escaped) {
        var bytes = new ByteArrayOutputStream();
        byte[] text = escaped.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\\' && i + 3 < text.length) {
                bytes.write(Integer.parseInt(escaped(text, i + 1), 8));
                i += 3;
            } else {
                bytes.write(text[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String escaped(byte[] text, int from) {
        return new String(text, from, 3, StandardCharsets.US_ASCII);
    }

    /** The mount that a real path lies on: the deepest, and of several at one place the last. */
    Mount of(Path path) {
        Mount found = null;
        for (Mount mount : mounts) {
            boolean deeper = found == null
                    || mount.point().getNameCount() >= found.point().getNameCount();
            if (path.startsWith(mount.point()) && deeper) {
                found = mount;
            }
        }
        if (found == null) {
            throw ErrorCode.SYSTEM_CALL_FAILED.because("a folder lies on no mount that this process sees");
        }
        return found;
    }

    /** How many mounts lie below a folder and in none of the others. */
    long below(Path folder, List<Path> others) {
        return mounts.stream()
                .map(Mount::point)
                .filter(point -> point.startsWith(folder) && !point.equals(folder))
                .filter(point -> others.stream()
                        .noneMatch(other ->
                                point.startsWith(other) && !folder.startsWith(other) && other.startsWith(folder)))
                .distinct()
                .count();
    }
}
