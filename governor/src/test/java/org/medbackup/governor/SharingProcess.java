package org.medbackup.governor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.core.spi.throttle.Throttle.Demand;
import org.medbackup.core.spi.throttle.Throttle.Resource;

/**
 * A process that uses as much as it may of a limit that it shares, and writes down when, before it says that it has. What
 * it wrote stays where it is killed.
 */
final class SharingProcess {

    static final int RECORD = 16;

    private SharingProcess() {}

    /**
     * Runs until its input ends.
     *
     * @param arguments folder, limit, threads, and the file to write to
     */
    public static void main(String[] arguments) throws IOException {
        Governor governor = Governor.of(Limits.none());
        try (Governor.Sharing _ = governor.share(Path.of(arguments[0]));
                FileChannel record = FileChannel.open(
                        Path.of(arguments[3]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            governor.set(Limits.parse(List.of(arguments[1])));
            try (GovernedJob job = governor.open(WorkClass.INCREMENTAL, Limits.none())) {
                List<Thread> threads = new ArrayList<>();
                for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
                    threads.add(Thread.ofPlatform().daemon().start(() -> use(job, record)));
                }
                while (System.in.read() >= 0) {
                    // Until its end.
                }
                threads.forEach(Thread::interrupt);
            }
        }
    }

    private static void use(Throttle throttle, FileChannel record) {
        ByteBuffer entry = ByteBuffer.allocate(RECORD);
        try {
            while (true) {
                try (Throttle.Permit permit = throttle.acquire(Demand.of(Resource.NETWORK_EGRESS, 1 << 20))) {
                    entry.clear()
                            .putLong(System.nanoTime())
                            .putLong(permit.amount())
                            .flip();
                    synchronized (record) {
                        record.position(record.size());
                        record.write(entry);
                    }
                    permit.commit(permit.amount());
                }
            }
        } catch (IOException | RuntimeException ended) {
            // It was told to end.
        }
    }
}
