package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.RestoreRequest.Existing;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileSystems;

/** Where the file system can, a restore in place shares the blocks of what did not change. */
class SharedBlocksTest {

    private static final int LENGTH = 48 << 20;

    @TempDir
    Path temp;

    @Test
    void aLargeFileOfWhichAPageChangedTakesNoSecondRoomOnXfs() throws IOException {
        try (LoopMount disk = LoopMount.of(temp, 320L << 20, "mkfs.xfs", "-q", "-m", "reflink=1")) {
            Path source = Files.createDirectory(disk.folder.resolve("source"));
            Path large = Files.write(source.resolve("large.img"), Bytes.random(1, LENGTH));
            Sandbox sandbox = new Sandbox(temp.resolve("state")).create();
            String snapshot = sandbox.backup(source).snapshot();
            try (var file = new RandomAccessFile(large.toFile(), "rw")) {
                file.seek(LENGTH / 2);
                file.write(Bytes.random(2, 8192));
            }
            // Held open, the old version keeps its blocks, and what the new one took for itself can be seen.
            try (var old = new RandomAccessFile(large.toFile(), "r")) {
                LoopMount.succeeds("sync", "-f", disk.folder.toString());
                long free = free(disk.folder);

                RestoreResult result = restore(sandbox, snapshot, source);

                LoopMount.succeeds("sync", "-f", disk.folder.toString());
                assertThat(old.length()).isEqualTo(LENGTH);
                assertThat(result.isComplete()).isTrue();
                assertThat(result.bytes().reused()).isGreaterThan(LENGTH - (8 << 20));
                assertThat(free - free(disk.folder)).isLessThan(12 << 20);
            }
            assertThat(large).hasBinaryContent(Bytes.random(1, LENGTH));
        }
    }

    private static RestoreResult restore(Sandbox sandbox, String snapshot, Path source) {
        try (Repository repository = sandbox.open()) {
            return repository.restore(
                    new RestoreRequest(snapshot, Sandbox.path(source), List.of(), source, Existing.REPLACED),
                    Sandbox.SILENT);
        }
    }

    private static long free(Path folder) {
        try (Fd open = Fd.CWD.open(folder.toString().getBytes(UTF_8), Fd.READ | Fd.FOLDER)) {
            return FileSystems.of(open).freeBytes();
        }
    }
}
