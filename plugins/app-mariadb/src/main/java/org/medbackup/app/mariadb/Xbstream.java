package org.medbackup.app.mariadb;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Reads the stream that {@code mariadb-backup --stream=xbstream} writes: pieces of files, each with its path, its place in the
 * file and a checksum (MariaDB source, {@code extra/mariabackup/xbstream_read.c}). For one thread.
 */
final class Xbstream {

    private static final byte[] MAGIC = "XBSTCK01".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_PATH = 4096;
    private static final int SLICE = 256 * 1024;

    private final DataInputStream in;

    Xbstream(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /** Takes what the stream holds, in its order. */
    interface Taker {

        /** Bytes of a file; its first piece begins it. The array is the taker's. */
        void piece(String path, long offset, byte[] content) throws IOException, InterruptedException;

        /** A file is complete. */
        void end(String path) throws IOException, InterruptedException;
    }

    /**
     * Reads to the end.
     *
     * @throws IOException where the stream ends in the middle of a piece, or is not such a stream
     */
    void readTo(Taker taker) throws IOException, InterruptedException {
        var magic = new byte[MAGIC.length];
        while (in.readNBytes(magic, 0, magic.length) > 0) {
            if (!Arrays.equals(magic, MAGIC)) {
                throw new IOException("the stream of mariadb-backup is damaged");
            }
            in.readUnsignedByte();
            int kind = in.readUnsignedByte();
            String path = path();
            switch (kind) {
                case 'P' -> payload(path, taker);
                case 'E' -> taker.end(path);
                default -> throw new IOException("the stream of mariadb-backup has a piece of an unknown kind");
            }
        }
    }

    private String path() throws IOException {
        long length = number(4);
        if (length < 1 || length > LONGEST_PATH) {
            throw new IOException("the stream of mariadb-backup has a path of impossible length");
        }
        return new String(exactly((int) length), StandardCharsets.UTF_8);
    }

    private void payload(String path, Taker taker) throws IOException, InterruptedException {
        long length = number(8);
        long offset = number(8);
        long expected = number(4);
        if (length < 0) {
            throw new IOException("the stream of mariadb-backup has a piece of impossible length");
        }
        var sum = new CRC32();
        for (long done = 0; done < length || length == 0; ) {
            byte[] slice = exactly((int) Math.min(SLICE, length - done));
            sum.update(slice);
            taker.piece(path, offset + done, slice);
            done += slice.length;
            if (length == 0) {
                break;
            }
        }
        if (sum.getValue() != expected) {
            throw new IOException("a piece of the stream of mariadb-backup does not have its checksum");
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the stream of mariadb-backup ends in the middle of a piece");
        }
        return bytes;
    }

    private long number(int bytes) throws IOException {
        var eight = new byte[8];
        System.arraycopy(exactly(bytes), 0, eight, 0, bytes);
        return ByteBuffer.wrap(eight).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
