package org.medbackup.corpus;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.corpus.TreeEdit.Create;
import org.medbackup.corpus.TreeEdit.Link;
import org.medbackup.corpus.TreeEdit.Remove;
import org.medbackup.corpus.TreeEdit.Rename;
import org.medbackup.corpus.TreeEdit.Rewrite;
import org.medbackup.corpus.TreeEdit.Touch;
import org.medbackup.corpus.TreeEntry.Folder;
import org.medbackup.corpus.TreeEntry.Metadata;
import org.medbackup.corpus.TreeEntry.RegularFile;

/** Makes edits that fit a tree, each later than all that was there before. */
final class RandomEdits {

    private static final int MEAN_COUNT = 6;
    private static final long LARGEST_NEW = 1 << 20;

    private final SeededRandom random;
    private final boolean foreign;
    private final List<TreeEdit> edits = new ArrayList<>();
    private FileTree tree;
    private Instant time;

    private RandomEdits(FileTree tree, SeededRandom random) {
        this.random = random;
        this.tree = tree;
        this.time = tree.latest();
        this.foreign = !tree.entries().keySet().stream().allMatch(RawPath::isText);
    }

    static List<TreeEdit> of(FileTree tree, SeededRandom random) {
        var edits = new RandomEdits(tree, random);
        int wanted = 1 + random.geometric(MEAN_COUNT);
        while (edits.edits.size() < wanted) {
            edits.one();
        }
        return List.copyOf(edits.edits);
    }

    private void one() {
        time = time.plusSeconds(random.between(1, 3600)).plusNanos(RandomTree.nanos(random));
        List<RawPath> names = List.copyOf(tree.entries().keySet());
        List<RawPath> files = names.stream()
                .filter(path -> tree.at(path) instanceof RegularFile)
                .toList();
        int kind = random.below(16);
        if (names.isEmpty() || kind < 3) {
            create();
        } else if (kind < 10 && !files.isEmpty()) {
            rewrite(random.pick(files));
        } else if (kind == 10 && !files.isEmpty()) {
            link(random.pick(files));
        } else if (kind < 12) {
            touch(random.pick(names));
        } else if (kind < 14) {
            rename(random.pick(names));
        } else if (kind == 14) {
            add(new Remove(random.pick(names), time));
        } else {
            replace(random.pick(names));
        }
    }

    private void add(TreeEdit edit) {
        edits.add(edit);
        tree = tree.apply(edit);
    }

    private RawPath freePath() {
        return RandomTree.freePath(random, tree.entries(), foreign);
    }

    private void create() {
        TreeEntry entry =
                random.oneIn(4) ? new Folder(new Metadata(0755, time)) : RandomTree.file(random, LARGEST_NEW, time);
        add(new Create(freePath(), entry, time));
    }

    private void rewrite(RawPath path) {
        RegularFile file = (RegularFile) tree.at(path);
        Content changed = RandomContent.rewritten(random, file.content());
        // Rarely the time of the file is set back: only its ctime, its size or its bytes tell.
        Instant shown = random.oneIn(10) ? file.metadata().modified() : time;
        add(new Rewrite(path, changed, shown));
    }

    private void touch(RawPath path) {
        TreeEntry entry = tree.at(path);
        boolean mode = entry instanceof RegularFile && random.nextBoolean();
        Metadata old = entry.metadata();
        add(new Touch(path, mode ? new Metadata(old.mode() ^ 0040, old.modified()) : old.at(time)));
    }

    private void link(RawPath path) {
        RawPath another = freePath();
        if (another.isText() == path.isText()) {
            add(new Link(path, another, time));
        }
    }

    private void rename(RawPath path) {
        RawPath to = freePath();
        boolean deeper = tree.at(path) instanceof Folder && to.depth() > path.depth();
        if (to.isText() == path.isText() && !to.isWithin(path) && !deeper) {
            add(new Rename(path, to, time));
        }
    }

    /** The name stays, what it stands for is new: a file becomes a folder, a save goes by way of a new file. */
    private void replace(RawPath path) {
        TreeEntry entry = random.nextBoolean()
                ? new Folder(new Metadata(0700, time))
                : RandomTree.file(random, LARGEST_NEW, time);
        add(new Remove(path, time));
        add(new Create(path, entry, time));
    }
}
