package org.medbackup.store.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.linux.Devices;
import org.medbackup.linux.Fd;

/** A disk is given its work while an object comes, not all at once at its end: by the disk's own count. */
class EarlyWritingTest {

    private static final int LENGTH = 24 << 20;
    private static final int PIECE = 1 << 16;
    private static final long SECTOR = 512;

    @TempDir
    Path temp;

    /** Bytes that the disk has been given to write, by anybody. */
    private static long written(Path disk) {
        try {
            return Long.parseLong(Files.readString(disk.resolve("stat")).strip().split("\\s+")[6]) * SECTOR;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void mostOfAnObjectIsOnTheDiskBeforeItsLastByteHasCome() throws IOException {
        Path disk;
        try (Fd folder = Fd.CWD.open(temp.toString().getBytes(UTF_8), Fd.READ | Fd.FOLDER)) {
            disk = Path.of("/sys/block").resolve(Devices.disk(folder.status().device()));
        }
        assumeThat(disk.resolve("stat")).as("a disk below the test's folder").exists();
        var store = new FileStore(temp.resolve("store"), TimeSource.system(), Throttle.none());
        long before = written(disk);

        store.putIfAbsent(ObjectName.of("packs/one"), new ObjectContent() {
            @Override
            public long length() {
                return LENGTH + 1;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                byte[] piece = new byte[PIECE];
                var random = new Random(1);
                for (int done = 0; done < LENGTH; done += PIECE) {
                    random.nextBytes(piece);
                    target.write(ByteBuffer.wrap(piece));
                }
                // Left to itself the kernel begins after half a minute.
                Deadline soon = Deadline.after(TimeSource.system(), Duration.ofSeconds(20));
                while (written(disk) - before < LENGTH / 2) {
                    assertThat(soon.hasPassed()).as("nobody has it written").isFalse();
                    TimeSource.system().sleep(Duration.ofMillis(5));
                }
                target.write(ByteBuffer.wrap(new byte[1]));
            }
        });

        assertThat(store.length(ObjectName.of("packs/one"))).hasValue(LENGTH + 1L);
    }
}
