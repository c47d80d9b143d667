package org.medbackup.app.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** The stream of the tool is taken apart, and what is wrong with one is never taken for its end. */
class XbstreamTest {

    @TempDir
    Path temp;

    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

    private void head(char kind, String path) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        stream.writeBytes("XBSTCK01".getBytes(StandardCharsets.US_ASCII));
        stream.write(0);
        stream.write(kind);
        stream.writeBytes(little(4).putInt(name.length).array());
        stream.writeBytes(name);
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void piece(String path, long offset, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        var sum = new CRC32();
        sum.update(bytes);
        head('P', path);
        stream.writeBytes(little(20)
                .putLong(bytes.length)
                .putLong(offset)
                .putInt((int) sum.getValue())
                .array());
        stream.writeBytes(bytes);
    }

    private String read(Spool spool) {
        var seen = new StringBuilder();
        var input = new ByteArrayInputStream(stream.toByteArray());
        try (StreamReception reception = StreamReception.start(
                input,
                spool,
                failed -> ErrorCode.APPLICATION_FAILED.because(failed.getClass().getSimpleName(), failed))) {
            for (String path = reception.nextFile(); path != null; path = reception.nextFile()) {
                seen.append(path)
                        .append('=')
                        .append(new String(reception.content().readAllBytes(), StandardCharsets.UTF_8))
                        .append(' ');
            }
            return seen.toString();
        } catch (InterruptedException | IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void dataFilesPassAndAllElseWaits() throws IOException {
        piece("ibdata1", 0, "ab");
        piece("ib_logfile0", 0, "log");
        piece("ibdata1", 2, "cd");
        head('E', "ibdata1");
        piece("bank/t.ibd", 0, "");
        head('E', "bank/t.ibd");
        piece("bank/t.new", 0, "new");
        head('E', "bank/t.new");
        piece("ib_logfile0", 3, "more");
        head('E', "ib_logfile0");
        head('E', "empty");
        piece("unfinished", 0, "x");
        var spool = new Spool(temp);

        assertThat(read(spool)).isEqualTo("ibdata1=abcd bank/t.ibd= ");
        assertThat(spool.files().keySet()).containsExactly("ib_logfile0", "bank/t.new", "empty");
        assertThat(spool.text("ib_logfile0")).isEqualTo("logmore");
        assertThat(spool.text("empty")).isEmpty();
        assertThat(spool.text("none")).isEmpty();
    }

    @Test
    void whatIsWrongWithAStreamIsAFailure() {
        piece("ibdata1", 0, "abcdef");
        byte[] good = stream.toByteArray();
        fails(Arrays.copyOf(good, good.length - 1), "EOFException");
        fails(Arrays.copyOf(good, 12), "EOFException");
        fails(good, "EOFException");
        byte[] flipped = good.clone();
        flipped[flipped.length - 1] ^= 1;
        fails(flipped, "IOException");
        byte[] magic = good.clone();
        magic[0] ^= 1;
        fails(magic, "IOException");
        byte[] kind = good.clone();
        kind[9] = 'Z';
        fails(kind, "IOException");
        byte[] name = good.clone();
        name[13] = 1;
        fails(name, "IOException");
        byte[] length = good.clone();
        length[14 + 7 + 7] = (byte) 0x80;
        fails(length, "IOException");

        stream.reset();
        piece("ibdata1", 5, "gap");
        fails(stream.toByteArray(), "IOException");
        stream.reset();
        piece("ibdata1", 0, "a");
        piece("undo001", 0, "b");
        fails(stream.toByteArray(), "IOException");
    }

    private void fails(byte[] content, String how) {
        stream.reset();
        stream.writeBytes(content);
        assertThatThrownBy(() -> read(new Spool(temp)))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining(how);
    }

    @Test
    void aFullDiskUnderTheSpoolIsAFailureOfTheSpool() throws IOException {
        // Writing to this device fails as writing to a full disk does.
        Files.createSymbolicLink(temp.resolve("0"), Path.of("/dev/full"));
        piece("ib_logfile0", 0, "log");

        assertThatThrownBy(() -> read(new Spool(temp)))
                .hasMessageContaining("Failure")
                .cause()
                .isInstanceOf(Spool.Failure.class)
                .isNotInstanceOf(EOFException.class);
        assertThat(StreamBackup.scratchFailed(new Spool.Failure(new IOException("No space left on device")))
                        .code())
                .isEqualTo(ErrorCode.NO_SPACE);
        assertThat(StreamBackup.scratchFailed(new IOException("other")).code()).isEqualTo(ErrorCode.APPLICATION_FAILED);
    }
}
