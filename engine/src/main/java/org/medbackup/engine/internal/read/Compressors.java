package org.medbackup.engine.internal.read;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.medbackup.engine.internal.chunk.Compressor;

/** Decompressors, lent to one thread at a time. Safe for use by several threads. */
final class Compressors implements AutoCloseable {

    private final ConcurrentLinkedQueue<Compressor> idle = new ConcurrentLinkedQueue<>();

    <T> T use(Function<Compressor, T> work) {
        Compressor lent = idle.poll();
        if (lent == null) {
            lent = new Compressor(1);
        }
        try {
            return work.apply(lent);
        } finally {
            idle.add(lent);
        }
    }

    @Override
    public void close() {
        for (Compressor each = idle.poll(); each != null; each = idle.poll()) {
            each.close();
        }
    }
}
