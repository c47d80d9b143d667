package org.medbackup.engine;

import java.nio.file.Path;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.access.Guard;
import org.medbackup.core.spi.place.RetentionTerms;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * What the engine works with on this machine.
 *
 * @param time clocks
 * @param entropy randomness
 * @param throttle asked before each use of a resource
 * @param stateFolder local folder for caches; may be emptied at any time
 * @param hostKey 32 bytes that stay on this host: seals caches that hold names
 * @param host this machine's name, as manifests tell it
 * @param sizing how much of the machine may be used
 * @param terms for how long data of each retention class is kept, whatever the rules of a call say
 * @param guard asked before what protects restore points is given up
 */
public record EngineContext(
        TimeSource time,
        Entropy entropy,
        Throttle throttle,
        Path stateFolder,
        Secret hostKey,
        String host,
        Sizing sizing,
        RetentionTerms terms,
        Guard guard) {

    /** Where no policy keeps anything. */
    public EngineContext(
            TimeSource time,
            Entropy entropy,
            Throttle throttle,
            Path stateFolder,
            Secret hostKey,
            String host,
            Sizing sizing) {
        this(time, entropy, throttle, stateFolder, hostKey, host, sizing, RetentionTerms.none(), Guard.none());
    }

    /** The same under the terms of a policy. */
    public EngineContext with(RetentionTerms policy) {
        return new EngineContext(time, entropy, throttle, stateFolder, hostKey, host, sizing, policy, guard);
    }

    /** The same with somebody who knows the rules of access. */
    public EngineContext with(Guard other) {
        return new EngineContext(time, entropy, throttle, stateFolder, hostKey, host, sizing, terms, other);
    }

    /**
     * How much of the machine may be used.
     *
     * @param workers threads that read, cut, compress and seal, or that restore; about 17 MiB of memory each
     * @param packLength bytes up to which a pack grows; a few packs are in memory at a time
     * @param compressionLevel level of zstd
     */
    public record Sizing(int workers, long packLength, int compressionLevel) {

        /** Every pack has room for the longest chunk. */
        private static final long SHORTEST_PACK = 8L << 20;

        private static final long LONGEST_PACK = 1L << 30;

        public Sizing {
            boolean possible = workers > 0
                    && packLength >= SHORTEST_PACK
                    && packLength <= LONGEST_PACK
                    && compressionLevel >= 1
                    && compressionLevel <= 19;
            if (!possible) {
                throw new IllegalArgumentException("impossible sizing: " + workers + " workers, packs of " + packLength
                        + " bytes, compression level " + compressionLevel);
            }
        }

        /** Buffers that packs are made in at a time: one filled, one stored, one of names. */
        private static final int PACKS = 3;

        private static final long MEBIBYTE = 1L << 20;
        private static final long OF_A_WORKER = 17 * MEBIBYTE;
        /** What the heap holds beside what workers do. */
        private static final long BESIDE_WORKERS = 48 * MEBIBYTE;

        /**
         * As much of it as there is memory for.
         *
         * @param buffers bytes that all buffers may have together
         * @param heap bytes that the heap may grow to
         */
        public Sizing within(long buffers, long heap) {
            long longest = Math.max(SHORTEST_PACK, buffers / PACKS / MEBIBYTE * MEBIBYTE);
            long most = Math.max(1, (heap - BESIDE_WORKERS) / OF_A_WORKER);
            return new Sizing((int) Math.min(workers, most), Math.min(packLength, longest), compressionLevel);
        }

        /** As many workers as processors, at most eight; packs of 64 MiB; the fastest compression. */
        public static Sizing ofThisMachine() {
            int processors = Runtime.getRuntime().availableProcessors();
            return new Sizing(Math.clamp(processors, 1, 8), 64L << 20, 1);
        }
    }
}
