package org.medbackup.engine.internal.backup;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.ChunkNamer;
import org.medbackup.engine.internal.chunk.Codec;
import org.medbackup.engine.internal.chunk.Compressor;
import org.medbackup.engine.internal.chunk.FastCdc;
import org.medbackup.engine.internal.crypto.SegmentCipher;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.pack.PackBuilder;
import org.medbackup.engine.internal.pack.PackBuilder.Place;
import org.medbackup.engine.internal.place.Destination;
import org.medbackup.linux.Fd;

/**
 * What one thread needs to turn bytes into stored chunks: its digests, ciphers and buffers, about 17 MiB. A chunk is
 * named, compressed and sealed by the thread that read it, while it is in that processor's cache. Used by one thread at a
 * time.
 */
final class ChunkWorker implements AutoCloseable {

    /** The longest chunk. */
    static final int LONGEST = FastCdc.Limits.FILES.most();

    private static final int READ = 1 << 20;

    private final ChunkSink sink;
    private final byte[] repository;
    private final Throttle throttle;
    /** The file of which the kernel was told last that nothing is to be read ahead. */
    private @Nullable Fd advised;

    private final BackupCounters counters;
    private final Compressor compressor;
    private final byte[] compressed;
    private final byte[] sealed;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment landing = arena.allocate(READ, 4096);
    private final Map<Namer, ChunkNamer> namers = new HashMap<>();
    private final Map<Integer, FastCdc> chunkers = new HashMap<>();
    private @Nullable PackBuilder cipherOf;
    private @Nullable SegmentCipher cipher;

    /** Whose names differ: those of a key domain in a class of placement. */
    private record Namer(int domain, int placement) {

        static Namer of(KeyDomain domain) {
            return new Namer(domain.id(), domain.placement());
        }
    }

    /** Where files are read to: room for the longest chunk and as much again. */
    final byte[] data;

    /**
     * A worker.
     *
     * @param longest longest chunk that it will be given
     * @param reads whether it reads files
     */
    ChunkWorker(
            ChunkSink sink,
            byte[] repository,
            Throttle throttle,
            BackupCounters counters,
            int level,
            int longest,
            boolean reads) {
        this.compressed = new byte[Compressor.bound(longest)];
        this.sealed = new byte[(int) SegmentCipher.sealedLength(longest)];
        this.data = new byte[reads ? 2 * longest : 0];
        this.sink = sink;
        this.repository = repository;
        this.throttle = throttle;
        this.counters = counters;
        this.compressor = new Compressor(level);
    }

    FastCdc chunker(KeyDomain domain) {
        return chunkers.computeIfAbsent(domain.id(), absent -> new FastCdc(domain.cutKey(), FastCdc.Limits.FILES));
    }

    /**
     * Reads from a file into an array.
     *
     * @return how many bytes were there
     */
    int read(OpenedFile file, long offset, byte[] target, int at, int length) {
        int done = 0;
        while (done < length) {
            long wanted;
            long got;
            var demand = new Throttle.Demand(
                    Throttle.Resource.DISK_READ,
                    Math.min(READ, length - done),
                    file.status().device());
            try (Throttle.Permit permit = throttle.acquire(demand)) {
                wanted = permit.amount();
                if (wanted < demand.amount()) {
                    readNothingAhead(file.fd());
                }
                if (wanted < length - done) {
                    wanted = Throttle.toBlock(offset + done, wanted);
                }
                got = file.fd().readOnce(landing.asSlice(0, wanted), offset + done);
                permit.commit(got);
            }
            MemorySegment.copy(landing, JAVA_BYTE, 0, target, at + done, (int) got);
            counters.readBytes.add(got);
            done += (int) got;
            if (got < wanted) {
                break;
            }
        }
        return done;
    }

    /** Where so little may be read at a time, what the kernel reads ahead would be beyond the limit. */
    private void readNothingAhead(Fd file) {
        if (file != advised) {
            file.advise(0, 0, Fd.Advice.RANDOM);
            advised = file;
        }
    }

    /** Names a chunk and stores it unless it is there. */
    ChunkId store(Destination destination, byte[] bytes, int offset, int length) {
        KeyDomain domain = destination.domain();
        ChunkId id = namers.computeIfAbsent(Namer.of(domain), absent -> new ChunkNamer(domain.idKey()))
                .name(bytes, offset, length);
        if (sink.store(id, destination, new Preparation(id, bytes, offset, length))) {
            counters.addedBytes.add(length);
        }
        return id;
    }

    private final class Preparation implements ChunkSink.ChunkPreparation {

        private final ChunkId id;
        private final byte[] bytes;
        private final int offset;
        private final int length;
        private int packed;

        Preparation(ChunkId id, byte[] bytes, int offset, int length) {
            this.id = id;
            this.bytes = bytes;
            this.offset = offset;
            this.length = length;
        }

        @Override
        public int prepare() {
            packed = compressor.compress(bytes, offset, length, compressed);
            return (int) SegmentCipher.sealedLength(packed < 0 ? length : packed);
        }

        @Override
        public void seal(Place place) {
            Codec codec = packed < 0 ? Codec.RAW : Codec.ZSTD;
            byte[] context = PackBuilder.context(repository, id, codec, length);
            SegmentCipher with = cipher(place.pack());
            if (packed < 0) {
                with.seal(place.number(), context, bytes, offset, length, sealed, 0);
            } else {
                with.seal(place.number(), context, compressed, 0, packed, sealed, 0);
            }
            place.pack().put(place, id, codec, length, sealed);
        }
    }

    private SegmentCipher cipher(PackBuilder pack) {
        SegmentCipher current = cipher;
        if (current == null || cipherOf != pack) {
            current = new SegmentCipher(pack.key());
            cipher = current;
            cipherOf = pack;
        }
        return current;
    }

    @Override
    public void close() {
        compressor.close();
        arena.close();
    }
}
