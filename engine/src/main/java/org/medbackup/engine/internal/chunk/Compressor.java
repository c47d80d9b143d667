package org.medbackup.engine.internal.chunk;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import org.medbackup.engine.internal.codec.MalformedException;

/**
 * Compresses with zstd where it pays. Three samples of 4 KiB tell beforehand whether a larger chunk is worth trying; one
 * that does not shrink by 3 % is kept as it is. Holds native memory until it is closed. Not safe for use by several
 * threads.
 */
public final class Compressor implements AutoCloseable {

    private static final int SAMPLE = 4096;
    private static final int SAMPLES = 3;
    private static final int PROBED_FROM = 64 * 1024;

    private final ZstdCompressCtx compress = new ZstdCompressCtx();
    private final ZstdDecompressCtx decompress = new ZstdDecompressCtx();
    private final byte[] sampled = new byte[(int) Zstd.compressBound(SAMPLE)];

    /** Compresses at a level of zstd. */
    public Compressor(int level) {
        compress.setLevel(level);
        compress.setContentSize(true);
        compress.setChecksum(false);
    }

    /** Room that {@link #compress} needs in its target. */
    public static int bound(int length) {
        return (int) Zstd.compressBound(length);
    }

    /**
     * Compresses into a target of at least {@link #bound} bytes.
     *
     * @return the compressed length, or -1 where the chunk is to be kept as it is
     */
    public int compress(byte[] source, int offset, int length, byte[] target) {
        if (length >= PROBED_FROM && !promises(source, offset, length)) {
            return -1;
        }
        int compressed = compress.compressByteArray(target, 0, target.length, source, offset, length);
        return pays(length, compressed) ? compressed : -1;
    }

    private static boolean pays(int before, int after) {
        return after < before - before * 3L / 100;
    }

    private boolean promises(byte[] source, int offset, int length) {
        int stride = (length - SAMPLE) / (SAMPLES - 1);
        int sum = 0;
        for (int i = 0; i < SAMPLES; i++) {
            sum += compress.compressByteArray(sampled, 0, sampled.length, source, offset + i * stride, SAMPLE);
        }
        return pays(SAMPLES * SAMPLE, sum);
    }

    /**
     * Decompresses a chunk of a known length.
     *
     * @throws MalformedException where it does not decompress to that length
     */
    public void decompress(byte[] source, int offset, int length, byte[] target, int plainLength) {
        try {
            int written = decompress.decompressByteArray(target, 0, plainLength, source, offset, length);
            if (written != plainLength) {
                throw new MalformedException("a chunk decompresses to another length");
            }
        } catch (ZstdException malformed) {
            throw new MalformedException("a chunk does not decompress");
        }
    }

    @Override
    public void close() {
        compress.close();
        decompress.close();
    }
}
