package org.medbackup.testreport;

import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds what one JVM reports: a line when it starts to run tests, one for each test that ended, one when all have.
 *
 * <p>Each line is in the file before the next test begins, so that a JVM which is killed leaves what it had. The report
 * is merged when a part begins too, and says from then on that the run was interrupted: should this JVM be the last one
 * and be killed, nobody comes after it to notice.
 */
final class PartFile implements Closeable {

    private final ReportFolder folder;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final FileChannel out;

    private PartFile(ReportFolder folder, InstantSource clock, FileChannel out) {
        this.folder = folder;
        this.clock = clock;
        this.out = out;
    }

    /** Begins the part of this JVM, or goes on with it if this JVM ran tests of this build before. */
    static PartFile open(ReportSettings settings, long process, InstantSource clock) throws IOException {
        var folder = new ReportFolder(settings.dir(), settings.run(), clock);
        Path file = folder.parts().resolve(settings.part() + "-" + process + ".jsonl");
        return folder.locked(() -> {
            folder.forgetOtherRuns();
            Files.createDirectories(folder.parts());
            var out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            var part = new PartFile(folder, clock, out);
            part.append(Json.Obj.empty()
                    .with("run", Json.of(settings.run()))
                    .with("started", Json.seconds(seconds(clock.instant()))));
            folder.mergeSoon();
            return part;
        });
    }

    /** Adds a line. */
    void append(Json.Obj line) throws IOException {
        var bytes = ByteBuffer.wrap((JsonWriter.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
        lock.lock();
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the part and merges the report. */
    @Override
    public void close() throws IOException {
        folder.locked(() -> {
            append(Json.Obj.empty().with("ended", Json.seconds(seconds(clock.instant()))));
            out.close();
            folder.mergeSoon();
            return this;
        });
    }

    static BigDecimal seconds(Instant time) {
        return BigDecimal.valueOf(time.getEpochSecond()).add(BigDecimal.valueOf(time.getNano(), 9));
    }
}
