package org.medbackup.governor.adapt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.signal.Unit;
import org.medbackup.governor.signal.Signals;
import org.medbackup.linux.Devices;
import org.medbackup.linux.Fd;
import org.medbackup.linux.NativeMemory;

/**
 * A disk of 40 MB/s, whose readers stand in one queue. Where the kernel has the block controller of control groups (version
 * 1) and root asks, it is a real disk of this machine that the kernel slows down for the threads that {@link #enter} it;
 * elsewhere a queue of this process. Both take as long as they say.
 */
abstract class SlowDisk implements AutoCloseable {

    static final long BYTES_A_SECOND = 40_000_000;

    private static final Path CONTROLLER = Path.of("/sys/fs/cgroup/blkio");

    /** The best that there is here. */
    static SlowDisk in(Path folder) throws IOException {
        Path group =
                CONTROLLER.resolve("medbackup-test-" + ProcessHandle.current().pid());
        return Files.isWritable(CONTROLLER.resolve("tasks")) && !device(folder).isEmpty()
                ? new Real(folder, group)
                : new Queue();
    }

    /** Which of the two it is. */
    final String kind() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** Numbers of the disk below a folder, empty where there is none. */
    private static String device(Path folder) throws IOException {
        try (Fd open = Fd.CWD.open(folder.toString().getBytes(UTF_8), Fd.READ | Fd.FOLDER)) {
            Path disk = Path.of("/sys/block").resolve(Devices.disk(open.status().device()));
            return Files.exists(disk.resolve("dev"))
                    ? Files.readString(disk.resolve("dev")).strip()
                    : "";
        }
    }

    /** The calling thread's reads are of this disk from now on. */
    abstract void enter();

    /** Reads so much, and comes back when it is there. */
    abstract void read(int bytes);

    /** The time of a small read. */
    abstract ProductionSignal signal();

    @Override
    public abstract void close() throws IOException;

    private static final class Real extends SlowDisk {

        private static final int SIZE = 64 << 20;

        private final Path group;
        private final Path file;
        private final ThreadLocal<NativeMemory> memory = ThreadLocal.withInitial(() -> NativeMemory.allocate(1 << 20));
        private final Fd open;
        private long next;

        Real(Path folder, Path group) throws IOException {
            this.group = group;
            file = folder.resolve("slow");
            try (var out = Files.newOutputStream(file)) {
                byte[] block = new byte[1 << 20];
                for (int i = 0; i < SIZE; i += block.length) {
                    java.util.Arrays.fill(block, (byte) (i >> 20 | 1));
                    out.write(block);
                }
            }
            try (Fd written = Fd.CWD.open(file.toString().getBytes(UTF_8), Fd.READ_WRITE)) {
                written.sync();
            }
            open = Fd.CWD.open(file.toString().getBytes(UTF_8), Fd.READ | Fd.DIRECT);
            Files.createDirectory(group);
            Files.writeString(group.resolve("blkio.throttle.read_bps_device"), device(folder) + " " + BYTES_A_SECOND);
        }

        @Override
        void enter() {
            try {
                // The calling thread's own, as /proc has it.
                String thread = Files.readSymbolicLink(Path.of("/proc/thread-self"))
                        .getFileName()
                        .toString();
                Files.writeString(group.resolve("tasks"), thread);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        private synchronized long next(int bytes) {
            next = next + bytes > SIZE ? 0 : next;
            long offset = next;
            next += bytes;
            return offset;
        }

        @Override
        void read(int bytes) {
            open.read(memory.get().segment().asSlice(0, bytes), next(bytes));
        }

        @Override
        ProductionSignal signal() {
            return Signals.open(URI.create("disk-read:" + file), TimeSource.system(), Duration.ofSeconds(1));
        }

        @Override
        public void close() throws IOException {
            open.close();
            // A thread that ended is in no group; one that has not is moved out.
            for (String left : Files.readAllLines(group.resolve("tasks"))) {
                try {
                    Files.writeString(CONTROLLER.resolve("tasks"), left);
                } catch (IOException gone) {
                    // It ended meanwhile.
                }
            }
            Files.delete(group);
        }
    }

    private static final class Queue extends SlowDisk {

        private final ReentrantLock queue = new ReentrantLock(true);

        @Override
        void enter() {}

        @Override
        void read(int bytes) {
            queue.lock();
            try {
                TimeSource.system().sleep(Duration.ofNanos(bytes * 1_000_000_000L / BYTES_A_SECOND));
            } finally {
                queue.unlock();
            }
        }

        @Override
        ProductionSignal signal() {
            return new ProductionSignal() {
                @Override
                public String id() {
                    return "queue";
                }

                @Override
                public Unit unit() {
                    return Unit.SECONDS;
                }

                @Override
                public Sample read() {
                    long begun = TimeSource.system().nanos();
                    Queue.this.read(4096);
                    long now = TimeSource.system().nanos();
                    return Sample.of((now - begun) / 1e9, now);
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }
}
