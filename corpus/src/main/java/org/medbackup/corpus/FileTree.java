package org.medbackup.corpus;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.corpus.TreeEdit.Create;
import org.medbackup.corpus.TreeEdit.Link;
import org.medbackup.corpus.TreeEdit.Remove;
import org.medbackup.corpus.TreeEdit.Rename;
import org.medbackup.corpus.TreeEdit.Rewrite;
import org.medbackup.corpus.TreeEdit.Touch;
import org.medbackup.corpus.TreeEntry.Folder;
import org.medbackup.corpus.TreeEntry.RegularFile;

/** A file tree in memory: what a backup should find, and a restore should give back. The root itself is no entry. Immutable. */
public final class FileTree {

    /** A tree without entries. */
    public static final FileTree EMPTY = new FileTree(new TreeMap<>());

    private final NavigableMap<RawPath, TreeEntry> entries;

    private FileTree(NavigableMap<RawPath, TreeEntry> entries) {
        this.entries = Collections.unmodifiableNavigableMap(entries);
    }

    static FileTree of(NavigableMap<RawPath, TreeEntry> entries) {
        return new FileTree(new TreeMap<>(entries));
    }

    /** Every name and what it stands for, in the order of {@link RawPath}; not to be changed. */
    public SortedMap<RawPath, TreeEntry> entries() {
        return entries;
    }

    /** What a name stands for; fails if there is none. */
    public TreeEntry at(RawPath path) {
        TreeEntry entry = entries.get(path);
        if (entry == null) {
            throw new IllegalArgumentException("the tree has no such name: " + path);
        }
        return entry;
    }

    /** All names of a file, ascending: more than one are hard links. */
    public List<RawPath> names(RegularFile file) {
        return entries.keySet().stream()
                .filter(path -> at(path) instanceof RegularFile other && other.identity() == file.identity())
                .toList();
    }

    /** The latest time of any entry; the epoch for a tree without. */
    public Instant latest() {
        return entries.values().stream()
                .map(entry -> entry.metadata().modified())
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /** A changed tree: some edits of that seed, as {@link RandomTree#edits} makes them. */
    public FileTree edit(long seed) {
        return apply(RandomTree.edits(this, seed));
    }

    /** The tree after the edits, one after the other. */
    public FileTree apply(List<TreeEdit> edits) {
        FileTree tree = this;
        for (TreeEdit edit : edits) {
            tree = tree.apply(edit);
        }
        return tree;
    }

    /** The tree after an edit; fails if the edit does not fit this tree. */
    public FileTree apply(TreeEdit edit) {
        var changed = new TreeMap<>(entries);
        switch (edit) {
            case Create(RawPath path, TreeEntry entry, Instant time) -> put(changed, path, entry, time);
            case Link(RawPath path, RawPath another, Instant time) -> put(changed, another, at(path), time);
            case Rewrite(RawPath path, Content content, Instant time) -> {
                RegularFile old = (RegularFile) at(path);
                var file =
                        new RegularFile(old.identity(), content, old.metadata().at(time));
                names(file).forEach(name -> changed.put(name, file));
            }
            case Touch(RawPath path, TreeEntry.Metadata metadata) -> {
                TreeEntry touched = at(path).with(metadata);
                List<RawPath> names = touched instanceof RegularFile file ? names(file) : List.of(path);
                names.forEach(name -> changed.put(name, touched));
            }
            case Rename(RawPath path, RawPath to, Instant time) -> {
                List<RawPath> moved = remove(changed, path, time);
                put(changed, to, at(path), time);
                moved.forEach(old -> changed.putIfAbsent(old.moved(path, to), at(old)));
            }
            case Remove(RawPath path, Instant time) -> remove(changed, path, time);
        }
        return new FileTree(changed);
    }

    private static void put(NavigableMap<RawPath, TreeEntry> entries, RawPath path, TreeEntry entry, Instant time) {
        if (entries.putIfAbsent(path, entry) != null) {
            throw new IllegalArgumentException("the name is taken: " + path);
        }
        touchFolder(entries, path, time);
    }

    private List<RawPath> remove(NavigableMap<RawPath, TreeEntry> entries, RawPath path, Instant time) {
        at(path);
        List<RawPath> gone = within(path);
        entries.keySet().removeAll(gone);
        touchFolder(entries, path, time);
        return gone;
    }

    private static void touchFolder(NavigableMap<RawPath, TreeEntry> entries, RawPath path, Instant time) {
        RawPath parent = path.parent();
        if (!parent.equals(RawPath.ROOT)) {
            TreeEntry folder = entries.get(parent);
            if (!(folder instanceof Folder)) {
                throw new IllegalArgumentException("there is no such folder: " + parent);
            }
            entries.put(parent, folder.with(folder.metadata().at(time)));
        }
    }

    /** A name and all below it. */
    List<RawPath> within(RawPath path) {
        return entries.tailMap(path, true).keySet().stream()
                .takeWhile(other -> other.isWithin(path))
                .toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileTree tree && entries.equals(tree.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    /** One line for each entry. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        entries.forEach(
                (path, entry) -> text.append(path).append(' ').append(entry).append('\n'));
        return text.toString();
    }
}
