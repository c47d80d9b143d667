package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.corpus.Bytes;
import org.medbackup.linux.Fd;
import org.medbackup.testkit.CountingThrottle;

/** What a disk is made to do for a backup, as the kernel counts it. */
class ColdReadsTest {

    private static final int LENGTH = 24_000_000;
    /** What a limit of 40 MB/s lets through at a time. */
    private static final int SLICE = 77_824;
    /** Whatever else this process reads meanwhile. */
    private static final int ATTEMPTS = 4;

    @TempDir
    Path temp;

    private static long readFromDisks() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream()
                .filter(line -> line.startsWith("read_bytes: "))
                .mapToLong(line -> Long.parseLong(line.substring("read_bytes: ".length())))
                .sum();
    }

    private Path coldFile(int number) throws IOException {
        Path folder = Files.createDirectory(temp.resolve("source-" + number));
        Path file = Files.write(folder.resolve("image.dcm"), Bytes.random(number, LENGTH));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        try (Fd fd = Fd.CWD.open(file.toString().getBytes(UTF_8), Fd.READ)) {
            fd.advise(0, 0, Fd.Advice.DONT_NEED);
        }
        return folder;
    }

    @Test
    void underALimitEachBlockOfAFileIsReadOnceHoweverItsChunksAreCut() throws IOException {
        Sandbox sandbox = new Sandbox(temp.resolve("state")).create();
        EngineContext limited = Sandbox.under(sandbox.context, new CountingThrottle(SLICE));
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && least > LENGTH * 1.02; attempt++) {
            Path source = coldFile(attempt);
            long before = readFromDisks();
            try (Repository repository = Repository.open(
                    sandbox.store, limited, new Credential.KeyFile(sandbox.writerKey()), Sandbox.SILENT)) {
                repository.backup(BackupRequest.of("cold", List.of(Sandbox.path(source))), Sandbox.SILENT);
            }
            least = Math.min(least, readFromDisks() - before);
        }

        assertThat(least).isLessThanOrEqualTo((long) (LENGTH * 1.02));
    }
}
