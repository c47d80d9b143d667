package org.medbackup.store.gateway;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What client and gateway say to each other, numbers in network order:
 *
 * <pre>
 * both first    "MBGW" u8 version
 * request       u8 act, u16 length, name or prefix in ASCII, and
 *                 PUT     u64 length, u16 length and name of a tier, u64 second until which it is locked; after the
 *                         answer SEND that many bytes
 *                 READ    u64 offset, u32 length of at most 1 MiB
 * answer        u8 word, and after OK
 *                 READ    u32 length, bytes
 *                 LENGTH  u64
 *                 LIST    for each object u16 length, name, u64 length; u16 0 behind the last
 * </pre>
 *
 * There is no act that deletes or replaces. What a gateway does not understand or does not allow it refuses; after the
 * former it ends the connection.
 */
final class Protocol {

    static final int MAGIC = 0x4d424757;
    static final int VERSION = 2;

    static final int PUT = 1;
    static final int READ = 2;
    static final int LENGTH = 3;
    static final int LIST = 4;

    static final int OK = 0;
    static final int SEND = 1;
    static final int EXISTED = 2;
    static final int ABSENT = 3;
    static final int REFUSED = 4;
    static final int FULL = 5;
    static final int FAILED = 6;

    static final int LONGEST_NAME = 200;
    static final int LONGEST_READ = 1 << 20;
    static final long LONGEST_OBJECT = 1L << 32;

    /** The last second that a lock can name: the end of the year 9999. */
    static final long LONGEST_LOCK = 253_402_300_799L;

    private Protocol() {}

    static void greet(DataOutputStream out) throws IOException {
        out.writeInt(MAGIC);
        out.writeByte(VERSION);
        out.flush();
    }

    static void expectGreeting(DataInputStream in) throws IOException {
        if (in.readInt() != MAGIC || in.readUnsignedByte() != VERSION) {
            throw new IOException("the other side does not speak this protocol");
        }
    }

    static void writeName(DataOutputStream out, String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    /** A name of the given length. */
    static String readName(DataInputStream in, int length) throws IOException {
        if (length > LONGEST_NAME) {
            throw new IOException("a name is too long");
        }
        return new String(in.readNBytes(length), StandardCharsets.US_ASCII);
    }
}
