package org.medbackup.engine.internal.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import org.medbackup.core.PathBytes;
import org.medbackup.core.content.FileKind;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.StreamAttributes;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.Crc32cCombine;
import org.medbackup.engine.internal.chunk.FastCdc;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.engine.internal.scan.CacheRecord;
import org.medbackup.engine.internal.scan.CachedPart;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.engine.internal.tree.NodeType;

/**
 * Stores what comes as a stream of unknown length. One thread reads and cuts, the workers name, compress and seal; between
 * them there are never more than 16 MiB, whatever the stream's length. A stream gives the same chunks as a file of the
 * same content. Used by one thread.
 */
final class StreamReader {

    /** Bytes of a part that is read on the grid. */
    private static final int PIECE = 4 << 20;

    private static final int MOST_WAITING = 4;
    private static final int HEAD = SourceReader.HEAD;

    private final SourceReader.Work work;
    private final Previous previous;
    private final EntrySink sink;
    private long size;
    private int crc;

    StreamReader(SourceReader.Work work, Previous previous, EntrySink sink) {
        this.work = work;
        this.previous = previous;
        this.sink = sink;
    }

    /** Reads it to its end; its records go to the sink. */
    void read(PathBytes path, InputStream content, StreamAttributes attributes, Cut cut) {
        Optional<CacheRecord.Entry> before = previous.find(path);
        boolean pages = cut == Cut.PAGES;
        sink.add(new CacheRecord.Entry(
                path, NodeType.FILE, false, 0, 0, true, pages, work.attributes().ofStream(attributes), List.of()));
        var first = new byte[PIECE];
        int filled = fill(content, first, 0);
        Destination destination = destination(path, first, filled, attributes);
        if (pages) {
            boolean onGridBefore = before.filter(CacheRecord.Entry::pages).isPresent();
            onGrid(content, first, filled, destination, onGridBefore);
        } else {
            byContent(content, first, filled, destination);
        }
        (before.isPresent() ? work.counters().changedFiles : work.counters().newFiles).increment();
        sink.add(new CacheRecord.End(size, crc, true));
    }

    private Destination destination(PathBytes path, byte[] start, int length, StreamAttributes attributes) {
        var facts = new FileFacts(
                PathBytes.of("/").resolve(path),
                length,
                attributes.modified(),
                attributes.uid(),
                attributes.gid(),
                AttributeReader.REGULAR | attributes.mode());
        byte[] head = Arrays.copyOf(start, Math.min(length, HEAD));
        return work.destination(facts, () -> ByteBuffer.wrap(head).asReadOnlyBuffer());
    }

    /** Fills an array; less than full only at the end of the stream. */
    private int fill(InputStream content, byte[] target, int from) {
        try {
            int got = read(content, target, from);
            work.counters().readBytes.add(got);
            work.counters().scannedBytes.add(got);
            work.progress().run();
            if (Thread.currentThread().isInterrupted()) {
                throw ErrorCode.CANCELLED.because("interrupted while reading a stream");
            }
            return got;
        } catch (IOException failed) {
            throw ErrorCode.APPLICATION_FAILED.because("its stream failed", failed);
        }
    }

    /** Whoever writes the stream is held up by who does not read it. */
    private int read(InputStream content, byte[] target, int from) throws IOException {
        int at = from;
        while (at < target.length) {
            var demand = Throttle.Demand.of(Throttle.Resource.DISK_READ, target.length - at);
            try (Throttle.Permit permit = work.throttle().acquire(demand)) {
                int wanted = (int) permit.amount();
                int got = content.readNBytes(target, at, wanted);
                permit.commit(got);
                at += got;
                if (got < wanted) {
                    break;
                }
            }
        }
        return at - from;
    }

    private void part(CachedPart part) {
        crc = Crc32cCombine.combine(crc, part.crc(), part.length());
        size += part.length();
        sink.add(new CacheRecord.Part(part));
    }

    private void onGrid(InputStream content, byte[] first, int length, Destination destination, boolean onGridBefore) {
        Deque<Future<CachedPart>> waiting = new ArrayDeque<>();
        byte[] piece = first;
        int filled = length;
        long start = 0;
        while (filled > 0) {
            byte[] data = piece;
            int count = filled;
            long at = start;
            Optional<CachedPart> old = onGridBefore ? previous.nextPart() : Optional.empty();
            waiting.add(work.pool()
                    .submit(worker -> new GridReader(
                                    worker, destination, work.hostKey(), new LargeLook(FileKind.UNKNOWN))
                            .read(from(data, at), at, count, old, KnownChanges.ALL, work.sink()::isKnown)));
            if (waiting.size() == MOST_WAITING) {
                part(WorkerPool.await(waiting.remove()));
            }
            start += filled;
            piece = new byte[PIECE];
            filled = count < PIECE ? 0 : fill(content, piece, 0);
        }
        while (!waiting.isEmpty()) {
            part(WorkerPool.await(waiting.remove()));
        }
    }

    private static GridReader.Source from(byte[] data, long start) {
        return (offset, target, at, length) -> {
            System.arraycopy(data, (int) (offset - start), target, at, length);
            return length;
        };
    }

    private record Waiting(Future<ChunkId> chunk, long offset, int length) {}

    private void byContent(InputStream content, byte[] first, int length, Destination destination) {
        var chunker = new FastCdc(destination.domain().cutKey(), FastCdc.Limits.FILES);
        int most = chunker.limits().most();
        byte[] data = Arrays.copyOf(first, 2 * most);
        int filled = length;
        int used = 0;
        boolean ended = length < first.length;
        long at = 0;
        var region = new Region();
        while (true) {
            if (!ended && filled - used < most) {
                System.arraycopy(data, used, data, 0, filled - used);
                filled -= used;
                used = 0;
                filled += fill(content, data, filled);
                ended = filled < data.length;
            }
            if (used == filled) {
                break;
            }
            long left = RegionReader.REGION - at % RegionReader.REGION;
            int end = (int) Math.min(filled, used + left);
            int cut = chunker.cut(data, used, end);
            byte[] chunk = Arrays.copyOfRange(data, used, used + cut);
            region.add(
                    new Waiting(
                            work.pool().submit(worker -> worker.store(destination, chunk, 0, chunk.length)), at, cut),
                    chunk);
            used += cut;
            at += cut;
            if (at % RegionReader.REGION == 0) {
                region.end();
            }
        }
        region.end();
    }

    /** As much of a stream as of a file is read at once. */
    private final class Region {

        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private final List<Extent> extents = new ArrayList<>();
        private RegionReader.RegionSum sum = new RegionReader.RegionSum(0);

        void add(Waiting next, byte[] chunk) {
            sum.data(chunk, 0, chunk.length);
            waiting.add(next);
            if (waiting.size() == MOST_WAITING) {
                take();
            }
        }

        private void take() {
            Waiting done = waiting.remove();
            extents.add(new Extent(done.offset(), done.length(), WorkerPool.await(done.chunk()), 0));
        }

        void end() {
            while (!waiting.isEmpty()) {
                take();
            }
            if (!extents.isEmpty()) {
                part(CachedPart.byContent(sum.end(), sum.value(), extents));
                extents.clear();
                sum = new RegionReader.RegionSum(0);
            }
        }
    }
}
