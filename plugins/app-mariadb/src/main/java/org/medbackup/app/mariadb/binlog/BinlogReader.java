package org.medbackup.app.mariadb.binlog;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Goes through a file event by event, and holds each against its length, its position and its checksum. Of the events only
 * what tells files apart and orders them is understood (MariaDB manual, "Replication Protocol", binlog event header,
 * FORMAT_DESCRIPTION_EVENT, GTID_EVENT, GTID_LIST_EVENT, ROTATE_EVENT). Not safe for use by several threads.
 */
public final class BinlogReader implements AutoCloseable {

    static final int STOP = 3;
    static final int ROTATE = 4;
    static final int FORMAT = 15;
    static final int CHECKPOINT = 161;
    static final int GTID = 162;
    static final int GTID_LIST = 163;

    /** Where the first event stands. */
    public static final int FIRST = 4;

    private static final int MAGIC = 0x6e6962fe;
    private static final int HEADER = 19;
    private static final int CHECKSUM = 4;
    private static final int IN_USE = 1;
    private static final int VERSION_LENGTH = 50;

    /** Of an event so much is looked at; longer ones hold rows and statements, which are nobody's business here. */
    private static final int KEPT = 4 * 1024 * 1024;

    private final InputStream input;
    private final byte[] header = new byte[HEADER];
    private final byte[] skipped = new byte[64 * 1024];
    private final FileFormat format;
    private byte[] body = new byte[0];
    private long position;
    private long start;

    private BinlogReader(InputStream input, long origin) throws IOException {
        this.input = input;
        byte[] magic = input.readNBytes(FIRST);
        if (magic.length < FIRST || little(magic).getInt() != MAGIC) {
            throw new MalformedBinlog("it does not begin as a binary log does");
        }
        this.position = FIRST;
        this.format = first(origin);
        this.position = Math.max(origin, position);
    }

    /** Opens a whole file, or its beginning. */
    public static BinlogReader open(Path file) throws IOException {
        return open(file, FIRST);
    }

    /**
     * Opens a part that was read from the server.
     *
     * @param origin position in the server's file of what comes after the first event
     */
    static BinlogReader open(Path file, long origin) throws IOException {
        InputStream input = new BufferedInputStream(Files.newInputStream(file), 256 * 1024);
        try {
            return new BinlogReader(input, origin);
        } catch (IOException | RuntimeException failed) {
            input.close();
            throw failed;
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private FileFormat first(long origin) throws IOException {
        if (input.readNBytes(header, 0, HEADER) < HEADER || type() != FORMAT) {
            throw new MalformedBinlog("its first event does not describe it");
        }
        boolean inUse = (header[17] & IN_USE) != 0;
        // The checksum was made before the server marked the file.
        header[17] &= ~IN_USE;
        take(true, origin > FIRST);
        if (body.length < VERSION_LENGTH + 8) {
            throw new MalformedBinlog("its first event is too short");
        }
        String version = new String(body, 2, VERSION_LENGTH, StandardCharsets.US_ASCII);
        int end = version.indexOf('\0');
        return new FileFormat(
                when(), server(), end < 0 ? version : version.substring(0, end), body[body.length - 1] == 1, inUse);
    }

    /** Goes to the next event; false at the end of the file. */
    boolean next() throws IOException {
        int read = input.readNBytes(header, 0, HEADER);
        if (read == 0) {
            return false;
        }
        if (read < HEADER) {
            throw new MalformedBinlog("it ends within an event");
        }
        take(format.checksums(), false);
        return true;
    }

    /** The first event has a checksum whether others have or not, but for a server that makes none. */
    private void take(boolean checked, boolean anywhere) throws IOException {
        long length = Integer.toUnsignedLong(little(header).getInt(9));
        int behind = checked ? CHECKSUM : 0;
        if (length < HEADER + behind) {
            throw new MalformedBinlog("an event is too short");
        }
        start = position;
        position += length;
        long end = Integer.toUnsignedLong(little(header).getInt(13));
        if (end != (position & 0xffffffffL) && !anywhere) {
            throw new MalformedBinlog("an event does not stand where it says");
        }
        var crc = new CRC32();
        crc.update(header);
        long left = length - HEADER - behind;
        body = input.readNBytes((int) Math.min(left, KEPT));
        crc.update(body);
        left -= body.length;
        while (left > 0) {
            int read = input.readNBytes(skipped, 0, (int) Math.min(left, skipped.length));
            if (read == 0) {
                break;
            }
            crc.update(skipped, 0, read);
            left -= read;
        }
        byte[] told = input.readNBytes(behind);
        if (left > 0 || told.length < behind) {
            throw new MalformedBinlog("it ends within an event");
        }
        boolean none = type() == FORMAT && body[body.length - 1] == 0;
        if (checked && !none && little(told).getInt() != (int) crc.getValue()) {
            throw new MalformedBinlog("an event's checksum is wrong");
        }
    }

    /** What the first event says. */
    public FileFormat format() {
        return format;
    }

    int type() {
        return header[4] & 0xff;
    }

    /** Whether it is one of those that transactions are made of. */
    boolean isOfTransaction() {
        return switch (type()) {
            case STOP, ROTATE, FORMAT, CHECKPOINT, GTID_LIST -> false;
            default -> true;
        };
    }

    /** In seconds since 1970: when the statement began that caused the event. */
    long when() {
        return Integer.toUnsignedLong(little(header).getInt(0));
    }

    private long server() {
        return Integer.toUnsignedLong(little(header).getInt(5));
    }

    /** Where the event begins. */
    long start() {
        return start;
    }

    /** Where it ends. */
    public long end() {
        return position;
    }

    /** Of an event of type {@link #GTID}. */
    Gtid gtid() throws MalformedBinlog {
        if (body.length < 13) {
            throw new MalformedBinlog("a GTID is too short");
        }
        ByteBuffer bytes = little(body);
        return new Gtid(Integer.toUnsignedLong(bytes.getInt(8)), server(), bytes.getLong(0));
    }

    /** Of an event of type {@link #GTID_LIST}. */
    GtidState state() throws MalformedBinlog {
        ByteBuffer bytes = little(body);
        int count = body.length < 4 ? -1 : bytes.getInt(0) & 0x0fffffff;
        if (count < 0 || body.length < 4 + 16L * count) {
            throw new MalformedBinlog("a list of GTIDs is too short");
        }
        var all = new java.util.ArrayList<Gtid>();
        for (int at = 4; at < 4 + 16 * count; at += 16) {
            all.add(new Gtid(
                    Integer.toUnsignedLong(bytes.getInt(at)),
                    Integer.toUnsignedLong(bytes.getInt(at + 4)),
                    bytes.getLong(at + 8)));
        }
        return GtidState.of(all);
    }

    /** Of an event of type {@link #ROTATE}: the file that follows. */
    String following() {
        return body.length <= 8 ? "" : new String(body, 8, body.length - 8, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
