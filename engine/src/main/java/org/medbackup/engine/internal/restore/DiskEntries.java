package org.medbackup.engine.internal.restore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.engine.RestoreRequest.Existing;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.linux.Entries;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.LinuxException;

/**
 * Makes folders, symlinks, nodes and hard links below the target. Used by one thread. Attributes of folders come in a
 * second walk, since every entry made in a folder changes its time; hard links when all data has come.
 */
final class DiskEntries implements Restorer.EntryTarget {

    private final TargetTree tree;
    private final AttributeWriter attributes;
    private final RestoreFailures failures;
    private final Existing existing;
    private final TemporaryNames names;
    private final List<Link> links = new ArrayList<>();
    private final Deque<Folder> folders = new ArrayDeque<>();
    private final Set<PathBytes> keptAsTheyAre = new HashSet<>();

    private record Link(PathBytes path, PathBytes first) {}

    private record Folder(PathBytes path, Attributes attributes, boolean ancestor) {}

    DiskEntries(
            TargetTree tree,
            AttributeWriter attributes,
            RestoreFailures failures,
            Existing existing,
            TemporaryNames names) {
        this.existing = existing;
        this.names = names;
        this.tree = tree;
        this.attributes = attributes;
        this.failures = failures;
    }

    @Override
    public void folder(PathBytes path, Node node) {
        if (path.isRoot()) {
            return;
        }
        try {
            boolean made = tree.makeFolder(path);
            if (!made && existing != Existing.RESUMED && isOnNoDisk(node)) {
                keptAsTheyAre.add(path);
            }
        } catch (LinuxException failure) {
            failures.add(path, "entry", failure);
        }
    }

    @Override
    public void special(PathBytes path, Node node) {
        Attributes wanted = node.decodedAttributes();
        try {
            Fd parent = tree.folder(path.parent());
            byte[] name = path.name().bytes();
            FileStatus there =
                    existing == Existing.LEFT ? null : parent.status(name).orElse(null);
            if (there == null) {
                make(parent, name, node, wanted);
                attributes.set(parent, name, path, wanted, isSymlink(node));
            } else if (isSame(there, parent, name, node, wanted)) {
                attributes.set(parent, name, path, wanted, isSymlink(node));
            } else {
                requireReplacing(there);
                byte[] temporary = names.of(path).name().bytes();
                removeOld(parent, temporary);
                make(parent, temporary, node, wanted);
                attributes.set(parent, temporary, path, wanted, isSymlink(node));
                Entries.rename(parent, temporary, parent, name);
            }
        } catch (LinuxException failure) {
            failures.add(path, "entry", failure);
        } catch (BackupException inTheWay) {
            failures.add(path, "entry", inTheWay.describe());
        }
    }

    /** A folder above a stream or a renamed tree: what was there already is not to be changed for it. */
    private static boolean isOnNoDisk(Node node) {
        return node.ancestor() && node.decodedAttributes().inode() == 0;
    }

    private static boolean isSymlink(Node node) {
        return node.type() == NodeType.SYMLINK;
    }

    private static void make(Fd parent, byte[] name, Node node, Attributes wanted) {
        if (isSymlink(node)) {
            Entries.makeSymlink(parent, name, wanted.symlink());
        } else {
            Entries.makeNode(parent, name, node.type().fileType(), 0600, wanted.special());
        }
    }

    private static boolean isSame(FileStatus there, Fd parent, byte[] name, Node node, Attributes wanted) {
        if (there.type() != node.type().fileType()) {
            return false;
        }
        return isSymlink(node)
                ? Arrays.equals(Entries.readSymlink(parent, name), wanted.symlink())
                : there.special() == wanted.special();
    }

    private void requireReplacing(FileStatus there) {
        if (existing != Existing.REPLACED || there.isFolder()) {
            throw DiskSink.inTheWay();
        }
    }

    /** Of an earlier restore that was killed. */
    private static void removeOld(Fd parent, byte[] temporary) {
        if (parent.status(temporary).isPresent()) {
            Entries.remove(parent, temporary);
        }
    }

    @Override
    public void link(PathBytes path, PathBytes first, Node node) {
        links.add(new Link(path, first));
    }

    /** Makes the hard links, now that the files are there. */
    void makeLinks() {
        for (Link link : links) {
            try (Fd from = tree.openFolder(link.first().parent())) {
                link(link, from, tree.folder(link.path().parent()));
            } catch (LinuxException failure) {
                failures.add(link.path(), "entry", failure);
            } catch (BackupException inTheWay) {
                failures.add(link.path(), "entry", inTheWay.describe());
            }
        }
    }

    private void link(Link link, Fd from, Fd folder) {
        byte[] first = link.first().name().bytes();
        byte[] name = link.path().name().bytes();
        FileStatus there =
                existing == Existing.LEFT ? null : folder.status(name).orElse(null);
        if (there == null) {
            Entries.link(from, first, folder, name);
            return;
        }
        FileStatus file = from.status(first).orElse(null);
        if (file != null && file.inode() == there.inode() && file.device() == there.device()) {
            return;
        }
        requireReplacing(there);
        byte[] temporary = names.of(link.path()).name().bytes();
        removeOld(folder, temporary);
        Entries.link(from, first, folder, temporary);
        Entries.rename(folder, temporary, folder, name);
    }

    /** Second walk: a folder gets its attributes when all that lies below it has got them. */
    void enter(PathBytes path, Node node) {
        leaveUntil(path);
        folders.push(new Folder(path, node.decodedAttributes(), node.ancestor()));
    }

    /** Ends the second walk. */
    void leaveAll() {
        while (!folders.isEmpty()) {
            set(folders.pop());
        }
    }

    private void leaveUntil(PathBytes path) {
        while (!folders.isEmpty() && !path.isWithin(folders.element().path())) {
            set(folders.pop());
        }
    }

    /** Whether the target's own folder is the one to restore, and not only where to restore to. */
    private boolean isTargetOurs(Folder folder) {
        return switch (existing) {
            case LEFT -> tree.isNew();
            case RESUMED -> true;
            case REPLACED -> tree.isNew() || !folder.ancestor();
        };
    }

    private void set(Folder folder) {
        boolean alien = folder.path().isRoot() && !isTargetOurs(folder);
        if (alien || keptAsTheyAre.contains(folder.path())) {
            return;
        }
        try {
            attributes.set(tree.folder(folder.path()), folder.path(), folder.attributes());
        } catch (LinuxException failure) {
            failures.add(folder.path(), "entry", failure);
        }
    }
}
