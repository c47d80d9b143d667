package org.medbackup.engine.internal.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.medbackup.core.content.ContentLook;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.backup.SmallFile.Read;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.LinuxException;

/**
 * Reads small files one after the other into one chunk, so that a hundred documents cost one entry of the index and
 * compress together.
 */
final class BundleReader {

    /** Files of this length and longer are cut for themselves. */
    static final int SMALL = 256 * 1024;

    /** A bundle ends before it would grow beyond this. */
    static final int MOST = 1 << 20;

    private static final int ATTEMPTS = 2;

    private final AttributeReader attributes;
    private final Destination destination;

    BundleReader(AttributeReader attributes, Destination destination) {
        this.attributes = attributes;
        this.destination = destination;
    }

    /** Reads the files of a bundle, in order; none of them longer than {@link #SMALL} when it was looked at. */
    List<Read> read(ChunkWorker worker, List<SmallFile> files) {
        var results = new ArrayList<Read>(files.size());
        var offsets = new int[files.size()];
        int filled = 0;
        for (SmallFile file : files) {
            offsets[results.size()] = filled;
            Read result = lay(worker, file, filled);
            results.add(result);
            filled += result instanceof Read.Done done ? (int) done.size() : 0;
        }
        if (filled > 0) {
            ChunkId bundle = worker.store(destination, worker.data, 0, filled);
            for (int i = 0; i < offsets.length; i++) {
                if (results.get(i) instanceof Read.Done done && done.size() > 0) {
                    results.set(i, done.at(bundle, offsets[i]));
                }
            }
        }
        return results;
    }

    private Read lay(ChunkWorker worker, SmallFile file, int at) {
        try {
            for (int attempt = 1; ; attempt++) {
                Read result = attempt(worker, file, at);
                boolean changed = result instanceof Read.Done done && done.code() != null;
                if (!changed || attempt == ATTEMPTS) {
                    return result;
                }
            }
        } catch (LinuxException failure) {
            return new Read.Failed(ReadErrors.codeOf(failure), String.valueOf(failure.getMessage()));
        }
    }

    private Read attempt(ChunkWorker worker, SmallFile file, int at) {
        try (OpenedFile opened = OpenedFile.open(file.folder, file.name)) {
            FileStatus status = opened.status();
            if (!status.isRegular()) {
                return new Read.Failed(ErrorCode.FILE_VANISHED, "another kind of entry has taken its place");
            }
            if (status.size() >= SMALL) {
                return new Read.Grown();
            }
            int length = status.size() == 0 ? 0 : worker.read(opened, 0, worker.data, at, (int) status.size());
            boolean changed = length < status.size() || opened.hasChanged();
            var crc = new CRC32C();
            crc.update(worker.data, at, length);
            return new Read.Done(
                    status,
                    attributes.ofOpen(opened.fd(), status),
                    length,
                    (int) crc.getValue(),
                    List.of(),
                    ContentLook.of(worker.data, at, length),
                    changed ? ErrorCode.FILE_CHANGED : null);
        }
    }
}
