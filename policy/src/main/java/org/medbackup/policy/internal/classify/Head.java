package org.medbackup.policy.internal.classify;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first bytes of a file, and the text that they are, where they are text: in ASCII or a superset of it, whatever encoding
 * the file has. Not for use by several threads.
 */
final class Head {

    private static final Charset EBCDIC = Charset.forName("IBM037");

    /** Of a hundred bytes of text, so many may be control characters, as those of terminals and interfaces. */
    private static final int CONTROLS_OF_HUNDRED = 3;

    /** What frames a message: one before it, one after. */
    private static final int FRAME = 2;

    private static final int SHORT = 16;

    private final byte[] raw;
    private final byte[] text;
    private final int from;

    private Head(byte[] raw, byte[] text, int from) {
        this.raw = raw;
        this.text = text;
        this.from = from;
    }

    static Head of(ByteBuffer head) {
        byte[] raw = new byte[head.remaining()];
        head.duplicate().get(raw);
        if (starts(raw, 0xEF, 0xBB, 0xBF)) {
            return isText(raw, 3) ? new Head(raw, raw, 3) : new Head(raw, new byte[0], 0);
        }
        if (starts(raw, 0xFF, 0xFE) || starts(raw, 0xFE, 0xFF)) {
            Charset wide = raw[0] == (byte) 0xFF ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
            return narrowed(raw, 2, wide);
        }
        if (raw.length >= 8 && raw[0] != 0 && raw[1] == 0 && raw[2] != 0 && raw[3] == 0 && raw[5] == 0 && raw[7] == 0) {
            return narrowed(raw, 0, StandardCharsets.UTF_16LE);
        }
        if (raw.length >= 8 && raw[0] == 0 && raw[1] != 0 && raw[2] == 0 && raw[3] != 0 && raw[4] == 0 && raw[6] == 0) {
            return narrowed(raw, 0, StandardCharsets.UTF_16BE);
        }
        // ISA, MSH and <?xml of a mainframe.
        if (starts(raw, 0xC9, 0xE2, 0xC1) || starts(raw, 0xD4, 0xE2, 0xC8) || starts(raw, 0x4C, 0x6F, 0xA7, 0x94)) {
            return narrowed(raw, 0, EBCDIC);
        }
        return isText(raw, 0) ? new Head(raw, raw, 0) : new Head(raw, new byte[0], 0);
    }

    private static Head narrowed(byte[] raw, int from, Charset charset) {
        byte[] text = new String(raw, from, raw.length - from, charset).getBytes(StandardCharsets.UTF_8);
        return isText(text, 0) ? new Head(raw, text, 0) : new Head(raw, new byte[0], 0);
    }

    private static boolean isText(byte[] bytes, int from) {
        int controls = 0;
        for (int i = from; i < bytes.length; i++) {
            int each = bytes[i];
            if (each >= 0 && each < ' ' && each != '\n' && each != '\r' && each != '\t') {
                if (each == 0) {
                    return false;
                }
                controls++;
            }
        }
        int length = bytes.length - from;
        return controls * 100 <= length * CONTROLS_OF_HUNDRED || controls <= FRAME && length >= SHORT;
    }

    private static boolean starts(byte[] bytes, int... with) {
        if (bytes.length < with.length) {
            return false;
        }
        for (int i = 0; i < with.length; i++) {
            if ((bytes[i] & 0xff) != with[i]) {
                return false;
            }
        }
        return true;
    }

    /** All bytes as they are. */
    byte[] raw() {
        return raw;
    }

    boolean isText() {
        return text.length > from;
    }

    /** The text; empty where it is none. */
    byte[] text() {
        return from == 0 ? text : Arrays.copyOfRange(text, from, text.length);
    }

    /** Whether these bytes stand at a place. */
    boolean has(int at, int... bytes) {
        if (at + bytes.length > raw.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((raw[at + i] & 0xff) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether this ASCII stands at a place. */
    boolean has(int at, String ascii) {
        return has(raw, at, ascii);
    }

    static boolean has(byte[] bytes, int at, String ascii) {
        if (at < 0 || at + ascii.length() > bytes.length) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[at + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where this ASCII first stands from a place on and before another; -1 for nowhere. */
    static int find(byte[] bytes, int from, int before, String ascii) {
        int last = Math.min(before, bytes.length - ascii.length() + 1);
        byte first = (byte) ascii.charAt(0);
        for (int i = Math.max(0, from); i < last; i++) {
            if (bytes[i] == first && has(bytes, i, ascii)) {
                return i;
            }
        }
        return -1;
    }

    int length() {
        return raw.length;
    }

    int unsigned(int at) {
        return at < raw.length ? raw[at] & 0xff : -1;
    }

    /** Two bytes, the lower first. */
    int two(int at) {
        return at + 2 > raw.length ? -1 : raw[at] & 0xff | (raw[at + 1] & 0xff) << 8;
    }

    /** Four bytes, the lowest first. */
    long four(int at) {
        return at + 4 > raw.length ? -1 : two(at) | (long) two(at + 2) << 16;
    }
}
