package org.medbackup.engine.internal.restore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.chunk.Crc32cCombine;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.engine.internal.tree.Node;

/**
 * A file on its way back. Its runs come in any order and from several threads; when the last has come, the sum over all
 * of them, holes included, is held against the one taken when the file was read. Safe for use by several threads.
 */
final class RestoredFile {

    private final PathBytes path;
    private final Node node;
    private final FileSink.Target target;
    private final Outcome outcome;
    private final List<Run> runs = new ArrayList<>();
    private long expected;
    private long arrived;
    private boolean allExpected;
    private @Nullable BackupException failure;

    private record Run(long offset, long length, int crc) {}

    /** Hears of the end of a file. */
    interface Outcome {

        /** It is whole; so many of its bytes were not there before. */
        void done(RestoredFile file, long written);

        void failed(RestoredFile file, BackupException failure);
    }

    RestoredFile(PathBytes path, Node node, FileSink.Target target, Outcome outcome) {
        this.path = path;
        this.node = node;
        this.target = target;
        this.outcome = outcome;
    }

    PathBytes path() {
        return path;
    }

    Node node() {
        return node;
    }

    /** Whether a part of it may be at the target already. */
    boolean mayKeep() {
        return target.mayKeep();
    }

    /** Those of some runs that have to come: the others are at the target already. */
    List<Extent> missing(List<Extent> extents) {
        List<FileSink.Kept> kept = target.keep(extents);
        if (kept.isEmpty()) {
            return extents;
        }
        Set<Long> there = new HashSet<>();
        synchronized (this) {
            for (FileSink.Kept each : kept) {
                runs.add(new Run(each.extent().fileOffset(), each.extent().length(), each.crc()));
                there.add(each.extent().fileOffset());
            }
        }
        return extents.stream()
                .filter(extent -> !there.contains(extent.fileOffset()))
                .toList();
    }

    /** One run more will come. */
    synchronized void expect() {
        expected++;
    }

    /** No further runs will be announced. */
    void allAnnounced() {
        boolean last;
        synchronized (this) {
            allExpected = true;
            last = arrived == expected;
        }
        if (last) {
            finish();
        }
    }

    /** A run has come. */
    void write(long fileOffset, byte[] bytes, int offset, int length) {
        try {
            if (!hasFailed()) {
                target.write(fileOffset, bytes, offset, length);
                var crc = new CRC32C();
                crc.update(bytes, offset, length);
                synchronized (this) {
                    runs.add(new Run(fileOffset, length, (int) crc.getValue()));
                }
            }
        } catch (BackupException failed) {
            fail(failed);
        }
        arrive();
    }

    /** A run will not come. */
    void miss(BackupException cause) {
        fail(cause);
        arrive();
    }

    private synchronized boolean hasFailed() {
        return failure != null;
    }

    private synchronized void fail(BackupException cause) {
        failure = failure == null ? cause : failure;
    }

    private void arrive() {
        boolean last;
        synchronized (this) {
            arrived++;
            last = allExpected && arrived == expected;
        }
        if (last) {
            finish();
        }
    }

    private void finish() {
        BackupException failed;
        synchronized (this) {
            if (failure == null && sum() != node.crc()) {
                failure = ErrorCode.RESTORED_CONTENT_WRONG.because("its sum is not the one taken at the backup");
            }
            failed = failure;
        }
        if (failed == null) {
            try {
                long written = target.complete();
                outcome.done(this, written);
                return;
            } catch (BackupException late) {
                failed = late;
            }
        }
        target.abandon();
        outcome.failed(this, failed);
    }

    /** CRC-32C over all runs in their order, and zeros where there are none. */
    private int sum() {
        runs.sort(Comparator.comparingLong(Run::offset));
        int sum = 0;
        long at = 0;
        for (Run run : runs) {
            sum = Crc32cCombine.combine(sum, Crc32cCombine.zeros(run.offset() - at), run.offset() - at);
            sum = Crc32cCombine.combine(sum, run.crc(), run.length());
            at = run.offset() + run.length();
        }
        long tail = node.size() - at;
        return Crc32cCombine.combine(sum, Crc32cCombine.zeros(tail), tail);
    }
}
