package org.medbackup.engine.internal.restore;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.RestorePlan;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.log.Progress;
import org.medbackup.engine.internal.read.ChunkReader;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.engine.internal.tree.TreeReader;

/**
 * Walks the selected entries of a tree in order and brings them back, window by window. What it is to be brought to is
 * the sinks' business, so that the same walk restores to a disk, proves without writing, or only plans.
 */
public final class Restorer {

    private final ChunkReader reader;
    private final TreeReader tree;
    private final Selector selector;
    private final Progress progress;

    /** A walk over a tree. */
    Restorer(ChunkReader reader, ChunkId root, Selector selector, Progress progress) {
        this.reader = reader;
        this.tree = new TreeReader(reader, root);
        this.selector = selector;
        this.progress = progress;
    }

    /** Takes what is no regular file, in order. */
    interface EntryTarget {

        /** A folder, before what lies in it. */
        void folder(PathBytes path, Node node);

        /** A symlink, FIFO, socket or device node. */
        void special(PathBytes path, Node node);

        /** One more name for a file that comes or has come under another one. */
        void link(PathBytes path, PathBytes first, Node node);
    }

    /** What was done, counted. Safe for use by several threads. */
    static final class Counts {
        final LongAdder files = new LongAdder();
        final LongAdder entries = new LongAdder();
        final LongAdder bytes = new LongAdder();
        final LongAdder written = new LongAdder();
    }

    /** Takes each node that is selected. */
    @FunctionalInterface
    private interface Visitor {
        void visit(PathBytes path, Node node);
    }

    private void each(Visitor visitor) {
        TreeReader.Cursor cursor = tree.from(selector.base());
        for (Node node = cursor.next(); node != null; node = cursor.next()) {
            if (selector.isBehind(node)) {
                break;
            }
            Node current = node;
            selector.target(node).ifPresent(path -> visitor.visit(path, current));
        }
    }

    /** Fails where a path that was asked for is not there, before anything is written. */
    void requirePaths() {
        if (!selector.base().isRoot() && tree.find(selector.base()).isEmpty()) {
            throw ErrorCode.PATH_NOT_IN_SNAPSHOT
                    .because("the folder to restore is not in it")
                    .about(PathBytes.of("/").resolve(selector.base()));
        }
        for (PathBytes include : selector.includes()) {
            if (tree.find(include).isEmpty()) {
                throw ErrorCode.PATH_NOT_IN_SNAPSHOT
                        .because("a path to restore is not in it")
                        .about(PathBytes.of("/").resolve(include));
            }
        }
    }

    /** Brings everything back. */
    void restore(FileSink files, EntryTarget entries, RestoreFailures failures, Counts counts, int workers) {
        Map<String, PathBytes> linked = new HashMap<>();
        var window = new Window(reader);
        var outcome = new RestoredFile.Outcome() {
            @Override
            public void done(RestoredFile file, long written) {
                counts.files.increment();
                counts.bytes.add(file.node().size());
                counts.written.add(written);
            }

            @Override
            public void failed(RestoredFile file, BackupException failure) {
                failures.add(file.path(), failure);
            }
        };
        try (var pool = new FetchPool(reader, workers)) {
            each((path, node) -> {
                counts.entries.increment();
                switch (node.type()) {
                    case FOLDER -> entries.folder(path, node);
                    case FILE -> {
                        PathBytes first = firstName(linked, path, node);
                        if (first != null) {
                            entries.link(path, first, node);
                        } else {
                            file(path, node, files, window, pool, outcome);
                        }
                    }
                    default -> entries.special(path, node);
                }
                progress.say(counts.files.sum(), counts.bytes.sum(), -1, -1);
            });
            pool.run(window.take());
        }
    }

    /** The name under which a file with several names was met first, or null where this is the first. */
    private static @Nullable PathBytes firstName(Map<String, PathBytes> linked, PathBytes path, Node node) {
        Attributes attributes = node.decodedAttributes();
        if (attributes.links() < 2) {
            return null;
        }
        return linked.putIfAbsent(attributes.device() + ":" + attributes.inode(), path);
    }

    private void file(
            PathBytes path, Node node, FileSink files, Window window, FetchPool pool, RestoredFile.Outcome outcome) {
        RestoredFile file;
        try {
            file = new RestoredFile(path, node, files.begin(path, node), outcome);
        } catch (BackupException refused) {
            outcome.failed(new RestoredFile(path, node, NullSink.TARGET, outcome), refused);
            return;
        }
        try {
            tree.extents(
                    node.content(),
                    extents -> pool.missing(file, extents).forEach(extent -> {
                        window.add(file, extent);
                        if (window.isFull()) {
                            pool.run(window.take());
                        }
                    }));
        } catch (BackupException damagedPage) {
            file.expect();
            file.miss(damagedPage);
        }
        file.allAnnounced();
    }

    /** Walks once more, for the attributes of the folders. */
    void folders(DiskEntries entries) {
        each((path, node) -> {
            if (node.type() == NodeType.FOLDER) {
                entries.enter(path, node);
            }
        });
        entries.leaveAll();
    }

    /** Walks once more, for what stands in the restored folders and was not restored. */
    long extra(TargetTree target) {
        var extra = new ExtraEntries(target);
        each(extra::visit);
        return extra.count();
    }

    /** What a restore would do. */
    RestorePlan plan() {
        return planned().plan();
    }

    /** The packs of data from which it would be read, in the order of their names. */
    List<ObjectInfo> packs() {
        return List.copyOf(planned().packs.values());
    }

    /** What a restore would do, read by read. */
    RestoreSteps steps(int workers) {
        var steps = new PlannedSteps();
        planned(steps);
        return steps.with(reader.fetchedBytes(), workers);
    }

    private Planned planned() {
        var sum = new Planned();
        planned(sum);
        return sum;
    }

    /** Hears what would be done. */
    interface Planning {

        /** An entry, before the reads of the window in which it comes. */
        void entry(Node node, boolean hasContent);

        /** All reads of a window. */
        void window(List<Fetch> fetches);
    }

    private void planned(Planning planning) {
        Map<String, PathBytes> linked = new HashMap<>();
        var window = new Window(reader);
        var silent = new RestoredFile.Outcome() {
            @Override
            public void done(RestoredFile file, long written) {}

            @Override
            public void failed(RestoredFile file, BackupException failure) {}
        };
        each((path, node) -> {
            boolean isFile = node.type() == NodeType.FILE && firstName(linked, path, node) == null;
            planning.entry(node, isFile);
            if (isFile) {
                var file = new RestoredFile(path, node, NullSink.TARGET, silent);
                tree.extents(
                        node.content(),
                        extents -> extents.forEach(extent -> {
                            window.add(file, extent);
                            if (window.isFull()) {
                                planning.window(window.take());
                            }
                        }));
            }
        });
        planning.window(window.take());
    }

    /** Sums of a plan. */
    private static final class Planned implements Planning {
        private long files;
        private long entries;
        private long bytes;
        private long requests;
        private long fetched;
        private long chunks;
        private final Map<ObjectName, ObjectInfo> packs = new TreeMap<>();

        @Override
        public void entry(Node node, boolean hasContent) {
            entries++;
            if (hasContent) {
                files++;
                bytes += node.size();
            }
        }

        @Override
        public void window(List<Fetch> fetches) {
            for (Fetch fetch : fetches) {
                requests++;
                fetched += fetch.length();
                chunks += fetch.chunks().size();
                packs.computeIfAbsent(
                        fetch.pack().name(),
                        name -> new ObjectInfo(name, fetch.pack().length()));
            }
        }

        RestorePlan plan() {
            return new RestorePlan(files, entries, bytes, packs.size(), requests, fetched, chunks);
        }
    }
}
