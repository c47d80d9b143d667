package org.medbackup.engine.internal.restore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.linux.Entries;
import org.medbackup.linux.Errno;
import org.medbackup.linux.Fd;
import org.medbackup.linux.LinuxException;

/**
 * The folder that is restored into. Everything in it is reached relative to its open folder, and no path that a restore
 * point names can leave it or pass a symlink: openat2 with RESOLVE_BENEATH where the kernel has it, otherwise name by
 * name without following. Opening files is safe for several threads; making folders is one thread's.
 */
final class TargetTree implements AutoCloseable {

    /** A longer path is opened in pieces: the kernel takes less than 4096 bytes at once. */
    private static final int LONGEST = 4000;

    private final Fd root;
    private final boolean made;
    private final Deque<Level> stack = new ArrayDeque<>();
    private volatile boolean beneath = true;

    private record Level(PathBytes path, Fd folder) {}

    private TargetTree(Fd root, boolean made) {
        this.root = root;
        this.made = made;
    }

    /** Opens the target, and makes it where it is not there. */
    static TargetTree open(Path folder) {
        boolean absent = !Files.exists(folder);
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            byte[] path = folder.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
            return new TargetTree(Fd.CWD.open(path, Fd.READ | Fd.FOLDER), absent);
        } catch (IOException | LinuxException unusable) {
            throw ErrorCode.TARGET_UNUSABLE
                    .because("it is no folder and cannot be made one", unusable)
                    .with("target", folder);
        }
    }

    /** Whether the target's own folder was made by this restore. */
    boolean isNew() {
        return made;
    }

    /** The target's own folder. */
    Fd root() {
        return root;
    }

    /** Makes a folder, or finds the one that is there; true where it made it. */
    boolean makeFolder(PathBytes path) {
        Fd parent = folder(path.parent());
        try {
            Entries.makeFolder(parent, path.name().bytes(), 0700);
            return true;
        } catch (LinuxException exists) {
            if (!exists.is(Errno.EEXIST)) {
                throw exists;
            }
            openFolder(parent, path.name().bytes()).close();
            return false;
        }
    }

    /**
     * An open folder, for the thread that makes entries; valid until the next call.
     *
     * @throws LinuxException where it is no folder
     */
    Fd folder(PathBytes path) {
        while (!stack.isEmpty() && !path.isWithin(stack.element().path())) {
            stack.pop().folder().close();
        }
        if (path.isRoot()) {
            return root;
        }
        if (!stack.isEmpty() && stack.element().path().equals(path)) {
            return stack.element().folder();
        }
        Fd parent = folder(path.parent());
        Fd folder = openFolder(parent, path.name().bytes());
        stack.push(new Level(path, folder));
        return folder;
    }

    private static Fd openFolder(Fd parent, byte[] name) {
        return parent.open(name, Fd.READ | Fd.FOLDER | Fd.NO_FOLLOW);
    }

    /** Opens a folder anywhere below the target, for any thread; to be closed. */
    Fd openFolder(PathBytes path) {
        return openFile(path.isRoot() ? PathBytes.of(".") : path, Fd.READ | Fd.FOLDER, 0);
    }

    /** Opens or creates a file anywhere below the target. */
    Fd openFile(PathBytes path, int flags, int permissions) {
        Fd from = root;
        PathBytes rest = path;
        try {
            while (rest.length() > LONGEST) {
                PathBytes head = head(rest);
                Fd next = open(from, head, Fd.READ | Fd.FOLDER, 0);
                close(from);
                from = next;
                rest = rest.below(head);
            }
            return open(from, rest, flags, permissions);
        } finally {
            close(from);
        }
    }

    private void close(Fd folder) {
        if (folder != root) {
            folder.close();
        }
    }

    private static PathBytes head(PathBytes path) {
        PathBytes head = path.parent();
        while (head.length() > LONGEST) {
            head = head.parent();
        }
        return head;
    }

    private Fd open(Fd from, PathBytes path, int flags, int permissions) {
        if (beneath) {
            try {
                return from.openBeneath(path.bytes(), flags, permissions);
            } catch (LinuxException failure) {
                // Filters of old container runtimes refuse what they do not know with EPERM.
                if (!failure.is(Errno.ENOSYS) && !failure.is(Errno.EPERM)) {
                    throw failure;
                }
                beneath &= !failure.is(Errno.ENOSYS);
            }
        }
        return openNameByName(from, path, flags, permissions);
    }

    /** For kernels before 5.6. */
    private Fd openNameByName(Fd from, PathBytes path, int flags, int permissions) {
        if (path.parent().isRoot()) {
            return from.open(path.bytes(), flags | Fd.NO_FOLLOW, permissions);
        }
        try (Fd parent = openNameByName(from, path.parent(), Fd.READ | Fd.FOLDER, 0)) {
            return parent.open(path.name().bytes(), flags | Fd.NO_FOLLOW, permissions);
        }
    }

    /** For tests: takes the kernel for one without openat2. */
    void withoutBeneath() {
        beneath = false;
    }

    @Override
    public void close() {
        while (!stack.isEmpty()) {
            stack.pop().folder().close();
        }
        root.close();
    }
}
