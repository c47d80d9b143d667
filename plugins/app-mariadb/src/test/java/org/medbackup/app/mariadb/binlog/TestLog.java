package org.medbackup.app.mariadb.binlog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/** Writes files as a server does, as far as a reader looks at them. */
final class TestLog {

    static final int QUERY = 2;
    static final int XID = 16;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final boolean checksums;

    /** With the first events of a file. */
    TestLog(long created, boolean checksums, Gtid... before) {
        this.checksums = checksums;
        bytes.writeBytes(new byte[] {(byte) 0xfe, 'b', 'i', 'n'});
        byte[] format = new byte[2 + 50 + 4 + 1 + 3 + 1];
        little(format).putShort((short) 4).put("10.11.19-MariaDB".getBytes(StandardCharsets.US_ASCII));
        format[format.length - 1] = (byte) (checksums ? 1 : 0);
        event(created, BinlogReader.FORMAT, 1, 7, format, true);
        byte[] list = new byte[4 + 16 * before.length];
        ByteBuffer numbers = little(list).putInt(before.length);
        for (Gtid each : before) {
            numbers.putInt((int) each.domain()).putInt((int) each.server()).putLong(each.sequence());
        }
        event(created, BinlogReader.GTID_LIST, list);
        event(created, BinlogReader.CHECKPOINT, new byte[20]);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** One statement and its end. */
    TestLog transaction(long when, Gtid gtid) {
        byte[] body = new byte[19];
        little(body).putLong(gtid.sequence()).putInt((int) gtid.domain());
        event(when, BinlogReader.GTID, 0, (int) gtid.server(), body, checksums);
        event(when, QUERY, new byte[50]);
        event(when, XID, new byte[8]);
        return this;
    }

    TestLog rotate(long when, String next) {
        byte[] name = next.getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[8 + name.length];
        little(body).putLong(4).put(name);
        event(when, BinlogReader.ROTATE, body);
        return this;
    }

    TestLog event(long when, int type, byte[] body) {
        event(when, type, 0, 7, body, checksums);
        return this;
    }

    private void event(long when, int type, int flags, int server, byte[] body, boolean checked) {
        int length = 19 + body.length + (checked ? 4 : 0);
        byte[] whole = new byte[length];
        ByteBuffer event = little(whole);
        event.putInt((int) when).put((byte) type).putInt(server).putInt(length);
        event.putInt(bytes.size() + length).putShort((short) 0).put(body);
        if (checked) {
            var crc = new CRC32();
            crc.update(whole, 0, length - 4);
            event.putInt((int) crc.getValue());
        }
        whole[17] = (byte) flags;
        bytes.writeBytes(whole);
    }

    int length() {
        return bytes.size();
    }

    byte[] content() {
        return bytes.toByteArray();
    }

    Path write(Path file) {
        try {
            return Files.write(file, content());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
