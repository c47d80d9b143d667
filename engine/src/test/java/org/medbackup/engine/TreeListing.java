package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.linux.Attributes;
import org.medbackup.linux.Entries;
import org.medbackup.linux.ExtendedAttributes;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.FileType;
import org.medbackup.linux.Folder;

/** Everything of a tree that a restore brings back, as lines to compare: what the system calls say, not our own code. */
final class TreeListing {

    private final Map<String, String> lines = new TreeMap<>();
    private final Map<Long, String> linked = new HashMap<>();

    private TreeListing() {}

    static List<String> of(Path root) {
        var listing = new TreeListing();
        try (Fd folder = Fd.CWD.open(root.toString().getBytes(UTF_8), Fd.READ | Fd.FOLDER)) {
            listing.folder(folder, PathBytes.ROOT);
        }
        var all = new ArrayList<String>();
        listing.lines.forEach((path, line) -> all.add(path + " " + line));
        return all;
    }

    private void folder(Fd fd, PathBytes path) {
        line(
                path,
                describe(fd.status(), ExtendedAttributes.of(fd)) + " flags "
                        + (Attributes.flags(fd) & Attributes.KEPT_FLAGS));
        Folder entries = Folder.read(fd);
        for (int i = 0; i < entries.size(); i++) {
            byte[] name = entries.name(i);
            PathBytes below = path.resolve(name);
            FileStatus status = fd.status(name).orElseThrow();
            if (status.isFolder()) {
                try (Fd child = fd.open(name, Fd.READ | Fd.FOLDER | Fd.NO_FOLLOW)) {
                    folder(child, below);
                }
            } else if (status.isRegular()) {
                file(fd, name, below, status);
            } else {
                String more = status.type() == FileType.SYMLINK
                        ? HexFormat.of().formatHex(Entries.readSymlink(fd, name))
                        : "device " + status.special();
                line(below, describe(status, ExtendedAttributes.of(fd, name)) + " " + more);
            }
        }
    }

    private void file(Fd folder, byte[] name, PathBytes path, FileStatus status) {
        try (Fd fd = folder.open(name, Fd.READ);
                Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocate(Math.max(1, status.size()));
            long length = fd.read(content.asSlice(0, status.size()), 0);
            byte[] digest = Crypto.sha256(content.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
            String first = status.links() > 1 ? linked.computeIfAbsent(status.inode(), inode -> path.toString()) : "";
            line(
                    path,
                    describe(status, ExtendedAttributes.of(fd)) + " size " + status.size() + " sha256 "
                            + HexFormat.of().formatHex(digest) + " flags "
                            + (Attributes.flags(fd) & Attributes.KEPT_FLAGS) + " first name " + first
                            + " hole at " + fd.seekHole(0));
        }
    }

    private static String describe(FileStatus status, Map<String, byte[]> attributes) {
        var text = new StringBuilder();
        text.append(status.type()).append(' ').append(Integer.toOctalString(status.permissions()));
        text.append(' ').append(status.uid()).append(':').append(status.gid());
        text.append(' ').append(status.modified());
        attributes.forEach((name, value) ->
                text.append(' ').append(name).append('=').append(HexFormat.of().formatHex(value)));
        return text.toString();
    }

    private void line(PathBytes path, String line) {
        lines.put(path.toString(), line);
    }
}
