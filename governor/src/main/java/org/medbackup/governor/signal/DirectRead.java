package org.medbackup.governor.signal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.linux.Fd;
import org.medbackup.linux.NativeMemory;

/**
 * The time of reading one block of a file past the page cache: what an application on the same volume waits for a page that
 * it does not have. Blocks are drawn at random.
 */
final class DirectRead implements Measurement {

    private static final int BLOCK = 4096;

    private final TimeSource time;
    private final byte[] path;
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(0x5eed);
    private @Nullable Opened opened;

    /** What it holds while the file can be read. */
    private record Opened(Fd file, NativeMemory memory, long blocks) {

        void close() {
            file.close();
            memory.close();
        }
    }

    DirectRead(TimeSource time, String path) {
        this.time = time;
        this.path = path.getBytes(UTF_8);
    }

    @Override
    public Sample take() throws IOException {
        Opened file = opened == null ? open() : opened;
        opened = file;
        long offset = random.nextLong(file.blocks) * BLOCK;
        long begun = time.nanos();
        long got = file.file.read(file.memory.segment(), offset);
        long now = time.nanos();
        if (got < BLOCK) {
            throw new IOException("the file became shorter");
        }
        return Sample.of((now - begun) / 1e9, now);
    }

    private Opened open() throws IOException {
        Fd file = Fd.CWD.open(path, Fd.READ | Fd.DIRECT | Fd.NON_BLOCK);
        try {
            long blocks = file.status().isRegular() ? file.status().size() / BLOCK : 0;
            if (blocks == 0) {
                throw new IOException("no file of a block and more");
            }
            return new Opened(file, NativeMemory.allocate(BLOCK), blocks);
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    @Override
    public void release() {
        Opened file = opened;
        opened = null;
        if (file != null) {
            file.close();
        }
    }
}
