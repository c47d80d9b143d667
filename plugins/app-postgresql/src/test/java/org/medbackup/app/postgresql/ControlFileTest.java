package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlFileTest {

    @TempDir
    Path folder;

    @Test
    void knowsAWholeFileByItsChecksumWhereverThatStands() {
        for (int fields : new int[] {64, 288, 292, 508}) {
            assertThat(new ControlFile(whole(fields)).isWhole()).isTrue();
        }
        assertThat(new ControlFile(whole(288)).systemIdentifier()).isEqualTo("18446744073709551599");
    }

    @Test
    void aTornFileIsNotWhole() {
        byte[] torn = whole(288);
        torn[100]++;

        assertThat(new ControlFile(torn).isWhole()).isFalse();
        assertThat(new ControlFile(new byte[100]).isWhole()).isFalse();
        assertThat(new ControlFile(new byte[8192]).isWhole()).isFalse();
    }

    @Test
    void isReadAgainUntilItIsWhole() throws IOException {
        Files.createDirectories(folder.resolve("global"));
        Files.write(ControlFile.in(folder), new byte[8192]);
        var clock = new HastyTime();
        var healing = new org.medbackup.core.TimeSource() {
            @Override
            public java.time.Instant now() {
                return clock.now();
            }

            @Override
            public long nanos() {
                return clock.nanos();
            }

            @Override
            public void sleep(java.time.Duration duration) {
                try {
                    Files.write(ControlFile.in(folder), whole(288));
                } catch (IOException failed) {
                    throw new AssertionError(failed);
                }
            }
        };

        assertThat(ControlFile.read(folder, healing).content()).isEqualTo(whole(288));
    }

    @Test
    void oneThatNeverIsWholeIsAFailure() throws IOException {
        Files.createDirectories(folder.resolve("global"));
        Files.write(ControlFile.in(folder), new byte[8192]);

        assertThatIOException().isThrownBy(() -> ControlFile.read(folder, new HastyTime()));
    }

    private static byte[] whole(int fields) {
        ByteBuffer bytes = ByteBuffer.allocate(8192).order(ByteOrder.nativeOrder());
        bytes.putLong(0, -17);
        bytes.putInt(40, 4711);
        var crc = new CRC32C();
        crc.update(bytes.array(), 0, fields);
        bytes.putInt(fields, (int) crc.getValue());
        return bytes.array();
    }
}
