package org.medbackup.core.content;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Magic numbers. */
final class Magic {

    private static final int PAGE = 8192;

    private record Mark(FileKind kind, int at, byte[] bytes) {}

    private static final Mark[] MARKS = {
        text(FileKind.PDF, 0, "%PDF-"),
        of(FileKind.ZIP, 0, 'P', 'K', 3, 4),
        of(FileKind.ZIP, 0, 'P', 'K', 5, 6),
        of(FileKind.GZIP, 0, 0x1f, 0x8b, 8),
        of(FileKind.XZ, 0, 0xfd, '7', 'z', 'X', 'Z', 0),
        of(FileKind.ZSTD, 0, 0x28, 0xb5, 0x2f, 0xfd),
        text(FileKind.BZIP2, 0, "BZh"),
        of(FileKind.LZ4, 0, 0x04, 0x22, 0x4d, 0x18),
        of(FileKind.SEVEN_ZIP, 0, '7', 'z', 0xbc, 0xaf, 0x27, 0x1c),
        text(FileKind.RAR, 0, "Rar!\u001a\u0007"),
        of(FileKind.JPEG, 0, 0xff, 0xd8, 0xff),
        of(FileKind.JPEG_2000, 0, 0, 0, 0, 0x0c, 'j', 'P', ' ', ' '),
        of(FileKind.JPEG_2000, 0, 0xff, 0x4f, 0xff, 0x51),
        of(FileKind.PNG, 0, 0x89, 'P', 'N', 'G', 0x0d, 0x0a),
        text(FileKind.GIF, 0, "GIF8"),
        of(FileKind.TIFF, 0, 'I', 'I', 42, 0),
        of(FileKind.TIFF, 0, 'M', 'M', 0, 42),
        text(FileKind.RIFF, 0, "RIFF"),
        text(FileKind.ISO_MEDIA, 4, "ftyp"),
        text(FileKind.DICOM, 128, "DICM"),
        text(FileKind.SQLITE, 0, "SQLite format 3\u0000"),
        of(FileKind.ELF, 0, 0x7f, 'E', 'L', 'F'),
        of(FileKind.OLE, 0, 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1),
        text(FileKind.SEALED, 0, "Salted__"),
        text(FileKind.SEALED, 0, "age-encryption.org/"),
        text(FileKind.SEALED, 0, "-----BEGIN PGP MESSAGE"),
        of(FileKind.SEALED, 0, 'L', 'U', 'K', 'S', 0xba, 0xbe),
        text(FileKind.OGG, 0, "OggS"),
        text(FileKind.MP3, 0, "ID3"),
    };

    private Magic() {}

    private static Mark text(FileKind kind, int at, String text) {
        return new Mark(kind, at, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Mark of(FileKind kind, int at, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return new Mark(kind, at, bytes);
    }

    /** The kind by magic number, {@link FileKind#UNKNOWN} where there is none. */
    static FileKind find(byte[] bytes, int offset, int length) {
        for (Mark mark : MARKS) {
            int end = mark.at + mark.bytes.length;
            if (end <= length && begins(bytes, offset + mark.at, mark.bytes)) {
                return mark.kind;
            }
        }
        return isPage(bytes, offset, length) ? FileKind.POSTGRES_PAGE : FileKind.UNKNOWN;
    }

    private static boolean begins(byte[] bytes, int at, byte[] mark) {
        return bytes[at] == mark[0] && Arrays.equals(bytes, at, at + mark.length, mark, 0, mark.length);
    }

    /** The header of a page of PostgreSQL 8.3 and later (bufpage.h): length and version 4, and bounds that fit. */
    private static boolean isPage(byte[] bytes, int offset, int length) {
        if (length < 24 || u16(bytes, offset + 18) != (PAGE | 4)) {
            return false;
        }
        int lower = u16(bytes, offset + 12);
        int upper = u16(bytes, offset + 14);
        int special = u16(bytes, offset + 16);
        return lower >= 24 && lower <= upper && upper <= special && special <= PAGE;
    }

    private static int u16(byte[] bytes, int at) {
        return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
    }
}
