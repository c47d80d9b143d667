package org.medbackup.engine.internal.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.Crc32cCombine;
import org.medbackup.engine.internal.chunk.FastCdc;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.engine.internal.scan.CachedPart;
import org.medbackup.engine.internal.tree.Extent;

/**
 * Reads a region of a file and stores it, cut by content. Regions of one file are cut each for itself, so that several
 * threads can read a large file; at 128 MiB a region that costs about one chunk in a hundred of deduplication after an
 * insertion.
 */
final class RegionReader {

    /** Bytes of a region. */
    static final long REGION = 128L << 20;

    private RegionReader() {}

    /** Stores the bytes from an offset on, as far as they are there; holes are left out. */
    static CachedPart read(
            ChunkWorker worker, LargeFile large, Destination destination, long start, long length, boolean sparse) {
        OpenedFile file = large.file();
        var extents = new ArrayList<Extent>();
        var sums = new RegionSum(start);
        long end = start + length;
        long at = start;
        while (at < end) {
            long data = sparse ? file.fd().seekData(at) : at;
            if (data < 0 || data >= end) {
                sums.hole(end - at);
                break;
            }
            long hole = sparse ? Math.min(end, file.fd().seekHole(data)) : end;
            sums.hole(data - at);
            long read = range(worker, large, destination, data, hole, extents, sums);
            at = data + read;
            if (read < hole - data) {
                // The file has become shorter since it was looked at.
                break;
            }
        }
        return CachedPart.byContent(sums.end() - start, sums.value(), extents);
    }

    private static long range(
            ChunkWorker worker,
            LargeFile large,
            Destination destination,
            long start,
            long end,
            List<Extent> extents,
            RegionSum sums) {
        FastCdc chunker = worker.chunker(destination.domain());
        byte[] data = worker.data;
        int filled = 0;
        int used = 0;
        long next = start;
        boolean ended = false;
        long done = start;
        while (true) {
            if (!ended && filled - used < chunker.limits().most()) {
                System.arraycopy(data, used, data, 0, filled - used);
                filled -= used;
                used = 0;
                int wanted = (int) Math.min(data.length - filled, end - next);
                int got = worker.read(large.file(), next, data, filled, wanted);
                filled += got;
                next += got;
                ended = got < wanted || next == end;
            }
            if (used == filled) {
                return done - start;
            }
            int length = chunker.cut(data, used, filled);
            ChunkId id = worker.store(destination, data, used, length);
            large.look().chunk(data, used, length);
            sums.data(data, used, length);
            extents.add(new Extent(done, length, id, 0));
            used += length;
            done += length;
        }
    }

    /** CRC-32C over data and holes. */
    static final class RegionSum {

        private final CRC32C crc = new CRC32C();
        private int sum;
        private long at;

        RegionSum(long start) {
            at = start;
        }

        /** Adds data; gives the sum of that alone. */
        int data(byte[] bytes, int offset, int length) {
            crc.reset();
            crc.update(bytes, offset, length);
            int of = (int) crc.getValue();
            known(of, length);
            return of;
        }

        /** Adds data of which only the sum is known. */
        void known(int of, int length) {
            sum = Crc32cCombine.combine(sum, of, length);
            at += length;
        }

        void hole(long length) {
            sum = Crc32cCombine.combine(sum, Crc32cCombine.zeros(length), length);
            at += length;
        }

        int value() {
            return sum;
        }

        long end() {
            return at;
        }
    }
}
