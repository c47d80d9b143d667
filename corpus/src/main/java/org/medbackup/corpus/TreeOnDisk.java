package org.medbackup.corpus;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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

/**
 * Makes a {@link FileTree} real, and then each edit of it, as far as java.nio can: names and targets that are no UTF-8 are
 * left to the caller. Contents, holes, hard links, permissions and times to the nanosecond are as in the model.
 *
 * <p>Needs a JVM whose locale is UTF-8 ({@code LC_ALL=C.UTF-8}).
 */
public final class TreeOnDisk {

    private static final int BUFFER = 1 << 20;

    private TreeOnDisk() {}

    /**
     * Writes a tree into an empty folder.
     *
     * @return what is left to the caller, folders before what lies in them; hard links of files written here are among
     *     them, and folders that get such an entry have to be touched again
     */
    public static List<RawPath> write(FileTree tree, Path root) throws IOException {
        var left = new ArrayList<RawPath>();
        var written = new HashMap<Long, Path>();
        var folders = new ArrayList<RawPath>();
        for (Map.Entry<RawPath, TreeEntry> named : tree.entries().entrySet()) {
            RawPath path = named.getKey();
            if (!path.isText() || !expressible(named.getValue())) {
                left.add(path);
                continue;
            }
            if (named.getValue() instanceof Folder) {
                folders.add(path);
            }
            make(named.getValue(), at(root, path), written);
        }
        // Deepest first, and after all entries: each entry made changes the time of its folder.
        for (RawPath folder : folders.reversed()) {
            settle(at(root, folder), tree.at(folder).metadata());
        }
        return left;
    }

    /**
     * Makes one edit; the edits are to be made in their order.
     *
     * @return whether it was made here; false if it is left to the caller
     */
    public static boolean apply(TreeEdit edit, Path root) throws IOException {
        if (!edit.path().isText() || edit instanceof Create create && !expressible(create.entry())) {
            return false;
        }
        Path file = at(root, edit.path());
        switch (edit) {
            case Create create -> {
                make(create.entry(), file, new HashMap<>());
                settle(file, create.entry().metadata());
                touchFolder(root, create.path(), create.time());
            }
            case Link link -> {
                Files.createLink(at(root, link.another()), file);
                touchFolder(root, link.another(), link.time());
            }
            case Rewrite rewrite -> {
                write(rewrite.content(), file);
                touch(file, rewrite.time());
            }
            case Touch touch -> settle(file, touch.metadata());
            case Rename rename -> {
                Files.move(file, at(root, rename.to()));
                touchFolder(root, rename.path(), rename.time());
                touchFolder(root, rename.to(), rename.time());
            }
            case Remove remove -> {
                delete(file);
                touchFolder(root, remove.path(), remove.time());
            }
        }
        return true;
    }

    private static boolean expressible(TreeEntry entry) {
        return !(entry instanceof Symlink link) || RawPath.isText(link.target());
    }

    private static Path at(Path root, RawPath path) {
        return root.resolve(path.toString());
    }

    private static void make(TreeEntry entry, Path file, Map<Long, Path> written) throws IOException {
        switch (entry) {
            case Folder _ -> Files.createDirectory(file);
            case Symlink link -> {
                Files.createSymbolicLink(file, Path.of(new String(link.target(), StandardCharsets.UTF_8)));
                settle(file, link.metadata());
            }
            case RegularFile regular -> {
                Path first = written.putIfAbsent(regular.identity(), file);
                if (first == null) {
                    write(regular.content(), file);
                    settle(file, regular.metadata());
                } else {
                    Files.createLink(file, first);
                }
            }
        }
    }

    private static void write(Content content, Path file) throws IOException {
        var buffer = new byte[(int) Math.min(BUFFER, content.size())];
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(0);
            // A length beyond what is written is a hole.
            open.setLength(content.size());
            for (Content.Extent extent : content.extents()) {
                open.seek(extent.offset());
                for (long done = 0; done < extent.length(); done += buffer.length) {
                    int part = (int) Math.min(buffer.length, extent.length() - done);
                    content.read(extent.offset() + done, buffer, 0, part);
                    open.write(buffer, 0, part);
                }
            }
        }
    }

    private static void settle(Path file, Metadata metadata) throws IOException {
        if (!Files.isSymbolicLink(file)) {
            Files.setPosixFilePermissions(file, permissions(metadata.mode()));
        }
        touch(file, metadata.modified());
    }

    private static void touch(Path file, Instant time) throws IOException {
        var view = Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        view.setTimes(FileTime.from(time), null, null);
    }

    private static void touchFolder(Path root, RawPath path, Instant time) throws IOException {
        if (!path.parent().equals(RawPath.ROOT)) {
            touch(at(root, path.parent()), time);
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var letters = new StringBuilder("rwxrwxrwx");
        for (int i = 0; i < letters.length(); i++) {
            if ((mode & 0400 >> i) == 0) {
                letters.setCharAt(i, '-');
            }
        }
        return PosixFilePermissions.fromString(letters.toString());
    }

    private static void delete(Path file) throws IOException {
        try (Stream<Path> all = Files.walk(file)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
