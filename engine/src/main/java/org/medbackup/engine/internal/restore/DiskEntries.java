package org.medbackup.engine.internal.restore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.linux.Entries;
import org.medbackup.linux.Fd;
import org.medbackup.linux.LinuxException;

/**
 * Makes folders, symlinks, nodes and hard links below the target. Used by one thread. Attributes of folders come in a
 * second walk, since every entry made in a folder changes its time; hard links when all data has come.
 */
final class DiskEntries implements Restorer.EntryTarget {

    private final TargetTree tree;
    private final AttributeWriter attributes;
    private final RestoreFailures failures;
    private final List<Link> links = new ArrayList<>();
    private final Deque<Folder> folders = new ArrayDeque<>();

    private record Link(PathBytes path, PathBytes first) {}

    private record Folder(PathBytes path, Attributes attributes) {}

    DiskEntries(TargetTree tree, AttributeWriter attributes, RestoreFailures failures) {
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
            tree.makeFolder(path);
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
            boolean symlink = node.type() == NodeType.SYMLINK;
            if (symlink) {
                Entries.makeSymlink(parent, name, wanted.symlink());
            } else {
                Entries.makeNode(parent, name, node.type().fileType(), 0600, wanted.special());
            }
            attributes.set(parent, name, path, wanted, symlink);
        } catch (LinuxException failure) {
            failures.add(path, "entry", failure);
        }
    }

    @Override
    public void link(PathBytes path, PathBytes first, Node node) {
        links.add(new Link(path, first));
    }

    /** Makes the hard links, now that the files are there. */
    void makeLinks() {
        for (Link link : links) {
            PathBytes from = link.first().parent();
            try (Fd folder = from.isRoot()
                    ? tree.openFile(PathBytes.of("."), Fd.READ | Fd.FOLDER, 0)
                    : tree.openFile(from, Fd.READ | Fd.FOLDER, 0)) {
                Entries.link(
                        folder,
                        link.first().name().bytes(),
                        tree.folder(link.path().parent()),
                        link.path().name().bytes());
            } catch (LinuxException failure) {
                failures.add(link.path(), "entry", failure);
            }
        }
    }

    /** Second walk: a folder gets its attributes when all that lies below it has got them. */
    void enter(PathBytes path, Node node) {
        leaveUntil(path);
        folders.push(new Folder(path, node.decodedAttributes()));
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

    private void set(Folder folder) {
        if (folder.path().isRoot() && !tree.isNew()) {
            return;
        }
        try {
            attributes.set(tree.folder(folder.path()), folder.path(), folder.attributes());
        } catch (LinuxException failure) {
            failures.add(folder.path(), "entry", failure);
        }
    }
}
