package org.medbackup.engine.internal.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.scan.ScanCacheReader;
import org.medbackup.engine.internal.scan.ScanCacheWriter;
import org.medbackup.engine.internal.scan.SharedFolder;
import org.medbackup.engine.internal.scan.TreeWalk;
import org.medbackup.engine.internal.scan.WalkVisitor;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.linux.FileStatus;

/**
 * A backup that an application puts together piece by piece: its folders, single files read at their time, and contents
 * that are on no disk. Each piece goes to a sealed local file in the order of its paths; at the end they are merged into
 * one tree. Used by one thread.
 */
public final class CompositeBackup implements CopySink, AutoCloseable {

    private final RepositoryCore core;
    private final BackupRun run;
    private final List<Path> pieces = new ArrayList<>();
    private final List<PathBytes> folders = new ArrayList<>();
    private byte[] previousManifest = new byte[0];
    private boolean broken;

    /** Begins it. */
    public CompositeBackup(RepositoryCore core, BackupRequest request, OperationLog log) {
        this.core = core;
        this.run = new BackupRun(core, request, log);
    }

    @Override
    public void tree(TreeCopy copy) {
        folders.add(copy.as());
        read(copy);
    }

    @Override
    public void file(Path source, PathBytes as, Cut cut) {
        read(new TreeCopy(source, as, Selection.ALL, cut, false));
    }

    @Override
    public Map<String, String> before() {
        return run.evidenceBefore();
    }

    private void read(TreeCopy copy) {
        PathBytes key = SourceRoots.keys(List.of(copy.as())).getFirst();
        PathBytes from = SourceRoots.keys(
                        List.of(PathBytes.of(copy.source().toAbsolutePath().toString())))
                .getFirst();
        SourceRoots.require(List.of(from));
        piece(sink -> {
            try (Previous previous = run.previous()) {
                run.compare(previous, path -> path.isWithin(key));
                var reader = new SourceReader(
                        run.work(),
                        copy.cut(),
                        copy.live(),
                        previous,
                        path -> copy.changes().of(path.below(key)),
                        List.of(sink));
                try {
                    var renamed = new Renaming(reader, from, key);
                    SourceRoots.walk(List.of(from), renamed, root -> new TreeWalk(copy.selection(), false, renamed));
                    reader.finish();
                } catch (RuntimeException failed) {
                    reader.abandon();
                    throw failed;
                }
                previousManifest = previous.manifest();
            }
        });
    }

    /** Gives what lies at one path another one. */
    private record Renaming(WalkVisitor visitor, PathBytes from, PathBytes to) implements WalkVisitor {

        private PathBytes renamed(PathBytes path) {
            return to.resolve(path.below(from));
        }

        @Override
        public void entry(PathBytes path, FileStatus status, SharedFolder folder, byte[] name) {
            visitor.entry(renamed(path), status, folder, name);
        }

        @Override
        public void folder(PathBytes path, FileStatus status, SharedFolder self) {
            visitor.folder(renamed(path), status, self);
        }

        @Override
        public void ancestor(PathBytes path, FileStatus status, SharedFolder self) {
            if (from.equals(to)) {
                visitor.ancestor(path, status, self);
            }
        }

        @Override
        public void failed(PathBytes path, ErrorCode code, String message) {
            visitor.failed(path.isWithin(from) ? renamed(path) : path, code, message);
        }
    }

    private void piece(Consumer<EntrySink> work) {
        Path file = run.scratchFile();
        pieces.add(file);
        try (ScanCacheWriter writer = run.newCache(file)) {
            work.accept(writer::add);
            writer.commit(new byte[Crypto.KEY]);
        } catch (BackupException failed) {
            throw run.ended(failed);
        }
    }

    @Override
    public void content(PathBytes as, byte[] content, PathBytes attributesOf) {
        PathBytes key = SourceRoots.keys(List.of(as)).getFirst();
        byte[] attributes = attributesOf(SourceRoots.keys(List.of(attributesOf)).getFirst());
        Destination destination = run.work()
                .destination(
                        facts(as, content.length),
                        () -> ByteBuffer.wrap(content).slice(0, Math.min(content.length, SourceReader.HEAD)));
        var extents = new ArrayList<Extent>();
        int longest = StoredPages.LONGEST;
        for (int at = 0; at < content.length; at += longest) {
            int length = Math.min(longest, content.length - at);
            ChunkId id = run.pageWorker().store(destination, content, at, length);
            extents.add(new Extent(at, length, id, 0));
        }
        var crc = new CRC32C();
        crc.update(content);
        run.counters().newFiles.increment();
        run.counters().scannedBytes.add(content.length);
        piece(sink -> sink.add(new CacheRecord.Entry(
                key, NodeType.FILE, false, content.length, (int) crc.getValue(), false, false, attributes, extents)));
    }

    /** What is known of a content that lay on no disk. */
    private FileFacts facts(PathBytes path, long size) {
        return new FileFacts(path, size, core.context().time().now(), 0, 0, AttributeReader.REGULAR);
    }

    @Override
    public void stream(PathBytes as, InputStream content, StreamAttributes attributes, Cut cut) {
        PathBytes key = SourceRoots.keys(List.of(as)).getFirst();
        broken = true;
        piece(sink -> {
            try (Previous previous = run.previous()) {
                new StreamReader(run.work(), previous, sink).read(key, content, attributes, cut);
                previousManifest = previous.manifest();
            }
        });
        broken = false;
    }

    /** The attributes of an entry of the pieces so far. */
    private byte[] attributesOf(PathBytes key) {
        for (Path piece : pieces) {
            try (ScanCacheReader reader = open(piece)) {
                while (reader.peek() != null) {
                    if (reader.take() instanceof CacheRecord.Entry entry
                            && entry.path().equals(key)
                            && !entry.ancestor()) {
                        return entry.attributes();
                    }
                }
            }
        }
        throw ErrorCode.INTERNAL.because("a content is to have the attributes of a file that was not copied");
    }

    private ScanCacheReader open(Path piece) {
        return ScanCacheReader.open(piece, run.hostKey())
                .orElseThrow(() -> ErrorCode.STATE_UNUSABLE.because("a local file of this run has gone"));
    }

    /** How many entries could not be read as they should so far. */
    public long errorCount() {
        return run.errors().count();
    }

    /** Merges the pieces and commits. */
    public BackupResult commit(ConsistencyLevel consistency, SortedMap<String, String> evidence) {
        if (broken) {
            throw ErrorCode.APPLICATION_FAILED.because("a stream of it failed; it cannot be committed without that");
        }
        var readers = new ArrayList<ScanCacheReader>();
        try (ScanCacheWriter cache = run.newCache()) {
            pieces.forEach(piece -> readers.add(open(piece)));
            cache.add(new CacheRecord.Facts(evidence));
            TreeSink tree = run.newTree();
            new RecordMerge(readers).into(List.of(new MissingFolders(List.of(cache::add, tree))));
            return run.commit(
                    tree.root(), previousManifest, cache, new BackupRun.Statement(consistency, evidence, folders));
        } finally {
            readers.forEach(ScanCacheReader::close);
        }
    }

    @Override
    public void close() {
        try {
            for (Path piece : pieces) {
                Files.deleteIfExists(piece);
            }
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("a local file of this run cannot be removed", failed);
        } finally {
            run.close();
        }
    }
}
