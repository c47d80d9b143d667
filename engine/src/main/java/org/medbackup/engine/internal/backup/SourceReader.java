package org.medbackup.engine.internal.backup;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.content.ContentLook;
import org.medbackup.core.content.FileKind;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.Range;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.Crc32cCombine;
import org.medbackup.engine.internal.crypto.AesWarmUp;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.engine.internal.place.Destinations;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.scan.CachedPart;
import org.medbackup.engine.internal.scan.SharedFolder;
import org.medbackup.engine.internal.scan.WalkVisitor;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.FileType;
import org.medbackup.linux.LinuxException;

/**
 * Takes what a walk meets and turns it into entries, in the order of the paths. The thread of the walk decides about each
 * entry: one that is as it was last time is taken over; a small file joins its placement's bundle; a large one is cut
 * into regions. Bundles and regions are read by the workers.
 */
final class SourceReader implements WalkVisitor, OrderedOutput.Receiver {

    private static final int MOST_FILES = 2048;
    private static final int BUNDLE_FROM = 512 * 1024;
    /** Bytes of a file by which it is placed. */
    static final int HEAD = 4096;
    /** Bytes of a large file by which its kind is told. */
    private static final int BEGINNING = 8192;

    private final Work work;
    private final Cut cut;
    private final boolean live;
    private final Previous previous;
    private final Function<PathBytes, @Nullable List<Range>> changes;
    private final List<EntrySink> sinks;
    private final OrderedOutput output = new OrderedOutput(this);
    private final Map<Destination, Bundle> bundles = new HashMap<>();
    private PathBytes bundledFolder = PathBytes.ROOT;

    /** What all readers of one backup share. */
    record Work(
            WorkerPool pool,
            ChunkSink sink,
            Throttle throttle,
            PlacementPolicy policy,
            Destinations destinations,
            Moves moves,
            AttributeReader attributes,
            BackupCounters counters,
            ContentSigns signs,
            ReadErrors errors,
            byte[] hostKey,
            Runnable progress) {

        /**
         * Where a file goes.
         *
         * @param head gives its first bytes
         */
        Destination destination(FileFacts facts, Supplier<ByteBuffer> head) {
            return destinations.of(policy.place(facts, head));
        }
    }

    /**
     * A reader of one source.
     *
     * @param live whether a file that changes while it is read is no error
     * @param changes where a file may have changed, by its path in the restore point; null where that is not known
     */
    SourceReader(
            Work work,
            Cut cut,
            boolean live,
            Previous previous,
            Function<PathBytes, @Nullable List<Range>> changes,
            List<EntrySink> sinks) {
        this.work = work;
        this.cut = cut;
        this.live = live;
        this.previous = previous;
        this.changes = changes;
        this.sinks = List.copyOf(sinks);
    }

    @Override
    public void ancestor(PathBytes path, FileStatus status, SharedFolder self) {
        entry(path, NodeType.FOLDER, true, work.attributes().ofOpen(self.fd(), status));
    }

    @Override
    public void folder(PathBytes path, FileStatus status, SharedFolder self) {
        byte[] attributes =
                unchanged(path, status).orElseGet(() -> work.attributes().ofOpen(self.fd(), status));
        entry(path, NodeType.FOLDER, false, attributes);
    }

    @Override
    public void entry(PathBytes path, FileStatus status, SharedFolder folder, byte[] name) {
        if (status.type() == FileType.REGULAR) {
            file(path, status, folder, name);
        } else {
            byte[] attributes =
                    unchanged(path, status).orElseGet(() -> work.attributes().ofEntry(folder, name, status));
            entry(path, NodeType.of(status.type()), false, attributes);
        }
    }

    private Optional<byte[]> unchanged(PathBytes path, FileStatus status) {
        return previous.find(path)
                .filter(entry -> previous.holds(entry, status))
                .map(CacheRecord.Entry::attributes);
    }

    private void entry(PathBytes path, NodeType type, boolean ancestor, byte[] attributes) {
        output.record(new CacheRecord.Entry(path, type, ancestor, 0, 0, false, false, attributes, List.of()));
    }

    @Override
    public void failed(PathBytes path, ErrorCode code, String message) {
        boolean expected = live && (code == ErrorCode.FILE_VANISHED || code == ErrorCode.FILE_CHANGED);
        if (!expected) {
            work.errors().add(path, code, message);
            work.counters().failedFiles.increment();
        }
    }

    private void file(PathBytes path, FileStatus status, SharedFolder folder, byte[] name) {
        work.counters().scannedBytes.add(status.size());
        Optional<CacheRecord.Entry> before = previous.find(path);
        Optional<CacheRecord.Entry> first = before;
        while (before.isPresent() && previous.holds(before.get(), status)) {
            // What lies on a tape is not brought back to be asked about.
            if (work.moves().isDue(path) && !status.maySleep() && isMoved(before.get(), path, status, folder, name)) {
                return;
            }
            if (takeOver(before.get(), status.size())) {
                work.counters().unmodifiedFiles.increment();
                return;
            }
            before = previous.find(path);
        }
        Past past = Past.of(first, first.isPresent() ? Optional.empty() : previous.deletedBefore(path));
        Destination destination = destination(path, status, folder, name);
        if (status.size() < BundleReader.SMALL) {
            bundle(destination, new SmallFile(path, folder.retain(), name, status, first, past));
        } else {
            large(destination, path, folder, name, before, past, counter(before.isPresent()));
        }
    }

    /** Reads a file that did not change where it does not lie where it belongs by now. */
    private boolean isMoved(
            CacheRecord.Entry entry, PathBytes path, FileStatus status, SharedFolder folder, byte[] name) {
        Optional<ChunkId> chunk = previous.firstChunk(entry);
        if (chunk.isEmpty()) {
            return false;
        }
        Destination destination = destination(path, status, folder, name);
        if (!work.moves().isElsewhere(chunk.get(), destination)) {
            return false;
        }
        work.counters().movedFiles.increment();
        Past past = Past.of(Optional.of(entry), Optional.empty());
        if (status.size() < BundleReader.SMALL) {
            bundle(destination, new SmallFile(path, folder.retain(), name, status, Optional.of(entry), past));
        } else {
            // Of what lies elsewhere nothing is taken over.
            large(destination, path, folder, name, Optional.empty(), past, work.counters().unmodifiedFiles);
        }
        return true;
    }

    /** Takes an unchanged file over with its chunks; false where it has to be read after all. */
    private boolean takeOver(CacheRecord.Entry entry, long size) {
        if (entry.large() && entry.pages() != (cut == Cut.PAGES)) {
            return false;
        }
        output.record(entry);
        if (!entry.large()) {
            return true;
        }
        long length = 0;
        int crc = 0;
        Optional<CachedPart> part = previous.nextPart();
        while (part.isPresent() && previous.areStored(part.get().extents())) {
            output.record(new CacheRecord.Part(part.get()));
            crc = Crc32cCombine.combine(crc, part.get().crc(), part.get().length());
            length += part.get().length();
            part = previous.nextPart();
        }
        boolean whole = part.isEmpty() && length == size && previous.wasReadToItsEnd();
        output.record(new CacheRecord.End(length, crc, whole));
        return whole;
    }

    private Destination destination(PathBytes path, FileStatus status, SharedFolder folder, byte[] name) {
        var facts = new FileFacts(
                PathBytes.of("/").resolve(path),
                status.size(),
                status.modified().instant(),
                status.uid(),
                status.gid(),
                status.mode(),
                status.accessed().instant());
        return work.destination(facts, () -> head(folder, name));
    }

    private static ByteBuffer head(SharedFolder folder, byte[] name) {
        try (OpenedFile file = OpenedFile.open(folder, name);
                Arena arena = Arena.ofConfined()) {
            var memory = arena.allocate(HEAD);
            long length = file.fd().read(memory, 0);
            return ByteBuffer.wrap(memory.asSlice(0, length).toArray(JAVA_BYTE));
        } catch (LinuxException unreadable) {
            return ByteBuffer.allocate(0);
        }
    }

    private void bundle(Destination destination, SmallFile file) {
        PathBytes folder = file.path.parent();
        Bundle bundle = bundles.get(destination);
        if (bundle != null && isFull(bundle, file, !folder.equals(bundledFolder))) {
            bundle.submit(work.pool(), work.attributes());
            bundle = null;
        }
        if (bundle == null || bundle.isSubmitted()) {
            AesWarmUp.start();
            bundle = new Bundle(destination);
            bundles.put(destination, bundle);
        }
        bundledFolder = folder;
        output.small(bundle, bundle.add(file));
    }

    /**
     * Whether a bundle ends before a file. Beside its length it is the names alone that decide, so that the same files
     * give the same bundles when the memory of the last run is lost.
     */
    private static boolean isFull(Bundle bundle, SmallFile next, boolean otherFolder) {
        boolean border = bundle.bytes() >= BUNDLE_FROM && (otherFolder || isBorder(next.path));
        return border || bundle.bytes() + next.seen.size() > BundleReader.MOST || bundle.count() >= MOST_FILES;
    }

    /** One path in 32. */
    private static boolean isBorder(PathBytes path) {
        return path.hashCode() * 0x9e3779b9 >>> 27 == 0;
    }

    private void large(
            Destination destination,
            PathBytes path,
            SharedFolder folder,
            byte[] name,
            Optional<CacheRecord.Entry> before,
            Past past,
            LongAdder counter) {
        AesWarmUp.start();
        OpenedFile opened;
        try {
            opened = OpenedFile.open(folder, name);
        } catch (LinuxException failure) {
            failed(path, ReadErrors.codeOf(failure), String.valueOf(failure.getMessage()));
            return;
        }
        if (!opened.status().isRegular()) {
            opened.close();
            failed(path, ErrorCode.FILE_VANISHED, "another kind of entry has taken its place");
            return;
        }
        counter.increment();
        var look = new LargeLook(kind(opened));
        var file = new LargeFile(path, opened, look, past);
        byte[] attributes = work.attributes().ofOpen(opened.fd(), opened.status());
        boolean pages = cut == Cut.PAGES;
        output.record(new CacheRecord.Entry(
                path,
                NodeType.FILE,
                false,
                opened.status().size(),
                0,
                true,
                pages,
                attributes,
                List.of(),
                look.head()));
        regions(file, destination, before.filter(CacheRecord.Entry::pages));
        output.end(file);
    }

    /**
     * The kind of a large file by its beginning; unknown where that cannot be read, which reading all of it will tell. Nothing is
     * read ahead for it, which would be more than a limit allows, and read again.
     */
    private static FileKind kind(OpenedFile opened) {
        try (Arena arena = Arena.ofConfined()) {
            var memory = arena.allocate(BEGINNING);
            opened.fd().advise(0, 0, Fd.Advice.RANDOM);
            byte[] bytes = memory.asSlice(0, opened.fd().read(memory, 0)).toArray(JAVA_BYTE);
            opened.fd().advise(0, 0, Fd.Advice.NORMAL);
            return ContentLook.of(bytes, 0, bytes.length);
        } catch (LinuxException unreadable) {
            return FileKind.UNKNOWN;
        }
    }

    private void regions(LargeFile file, Destination destination, Optional<CacheRecord.Entry> onGridBefore) {
        long size = file.file().status().size();
        boolean sparse = file.file().status().maySparse();
        KnownChanges known = onGridBefore
                .filter(before -> cut == Cut.PAGES)
                .map(before -> KnownChanges.of(
                        changes.apply(file.path()), before, file.file().status()))
                .orElse(KnownChanges.ALL);
        for (long start = 0; start < size; start += RegionReader.REGION) {
            long from = start;
            long length = Math.min(RegionReader.REGION, size - start);
            Optional<CachedPart> old = onGridBefore.isPresent() ? previous.nextPart() : Optional.empty();
            output.region(file, work.pool().submit(worker -> {
                if (cut == Cut.PAGES) {
                    return new GridReader(worker, destination, work.hostKey(), file.look())
                            .read(
                                    (offset, target, at, wanted) ->
                                            worker.read(file.file(), offset, target, at, wanted),
                                    from,
                                    length,
                                    old,
                                    known,
                                    work.sink()::isKnown);
                }
                return RegionReader.read(worker, file, destination, from, length, sparse);
            }));
        }
    }

    private LongAdder counter(boolean known) {
        return known ? work.counters().changedFiles : work.counters().newFiles;
    }

    @Override
    public void record(CacheRecord record) {
        sinks.forEach(sink -> sink.add(record));
        work.progress().run();
    }

    @Override
    public void small(Bundle bundle, int place) {
        bundle.submit(work.pool(), work.attributes());
        SmallFile file = bundle.file(place);
        try {
            switch (bundle.result(place)) {
                case SmallFile.Read.Done done -> done(file, done);
                case SmallFile.Read.Failed failed -> failed(file.path, failed.code(), failed.message());
                case SmallFile.Read.Grown _ ->
                    output.now(() -> large(
                            bundle.destination(),
                            file.path,
                            file.folder,
                            file.name,
                            Optional.empty(),
                            file.past,
                            work.counters().newFiles));
            }
        } finally {
            file.folder.release();
        }
    }

    private void done(SmallFile file, SmallFile.Read.Done done) {
        if (file.isAsBefore(done)) {
            work.counters().unmodifiedFiles.increment();
        } else {
            counter(file.before.isPresent()).increment();
            work.signs().small(file.path, file.past, done.kind(), done.size());
        }
        if (done.code() != null) {
            failed(file.path, done.code(), "it changed while it was read");
        }
        record(new CacheRecord.Entry(
                file.path,
                NodeType.FILE,
                false,
                done.size(),
                done.crc(),
                false,
                false,
                done.attributes(),
                done.extents(),
                done.kind()));
    }

    @Override
    public void end(LargeFile file) {
        try (file) {
            ErrorCode problem = file.problem();
            if (problem != null) {
                failed(file.path(), problem, file.reason());
            }
            work.signs().large(file.path(), file.past(), file.look());
            record(file.end());
        }
    }

    /** Waits for everything and passes it on. */
    void finish() {
        bundles.values().forEach(bundle -> bundle.submit(work.pool(), work.attributes()));
        output.flush();
    }

    /** Lets go of what is open, after a failure. */
    void abandon() {
        output.abandon();
    }
}
