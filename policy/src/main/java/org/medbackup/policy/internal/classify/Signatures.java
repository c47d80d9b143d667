package org.medbackup.policy.internal.classify;

/** Formats by their first bytes, each as its specification or its maker's source has it. */
final class Signatures {

    private static final int TAR_MAGIC = 257;
    private static final int TAR_BLOCK = 512;
    private static final int NIFTI_MAGIC = 344;

    private Signatures() {}

    /** What a file says of itself; {@link Signature#NONE} where it says nothing that is known. */
    static Signature of(Head head) {
        if (head.length() < 4) {
            return Signature.NONE;
        }
        Signature found = byFirst(head);
        if (found.isNone()) {
            found = DatabaseFiles.is(head) ? Signature.DATABASE : further(head);
        }
        return found;
    }

    private static Signature byFirst(Head head) {
        return switch (head.unsigned(0)) {
            case 'P' -> p(head);
            case 'R' -> r(head);
            case 'B' -> b(head);
            case 'G' -> head.has(0, "GIF87a") || head.has(0, "GIF89a") ? Signature.IMAGE : Signature.NONE;
            case 'I' -> tiff(head);
            case 'M' -> m(head);
            case 'L' -> l(head);
            case 'S' -> head.has(0, "Salted__") ? Signature.ENCRYPTED : Signature.NONE;
            case 'a' -> head.has(0, "age-encryption.org/") ? Signature.ENCRYPTED : Signature.NONE;
            case 'O' -> head.has(0, "OTTO") || head.has(0, "OggS") ? Signature.PROGRAM : Signature.NONE;
            case 'w' -> head.has(0, "wOFF") || head.has(0, "wOF2") ? Signature.PROGRAM : Signature.NONE;
            case '{' -> head.has(0, "{\\rtf") ? Signature.OFFICE : Signature.NONE;
            case '!' -> head.has(0, "!<arch>\n") ? Signature.ARCHIVE : Signature.NONE;
            case '7' -> head.has(0, 0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C) ? Signature.ARCHIVE : Signature.NONE;
            case '0' -> isCpio(head) ? Signature.ARCHIVE : Signature.NONE;
            case '8' -> head.has(0, "8BPS") ? Signature.IMAGE : Signature.NONE;
            case '%' -> head.has(0, "%PDF-") ? Signature.PDF : Signature.NONE;
            default -> binary(head);
        };
    }

    /** cpio(5): the new formats with and without sums, and the old one of characters. */
    private static boolean isCpio(Head head) {
        return head.has(0, "070701") || head.has(0, "070702") || head.has(0, "070707");
    }

    private static Signature p(Head head) {
        if (head.has(0, 'P', 'K', 3, 4) || head.has(0, 'P', 'K', 5, 6)) {
            return zip(head);
        }
        boolean picture = head.unsigned(1) >= '1'
                && head.unsigned(1) <= '7'
                && (head.unsigned(2) == '\n' || head.unsigned(2) == ' ')
                && (head.unsigned(3) >= '0' && head.unsigned(3) <= '9' || head.unsigned(3) == '#');
        return picture ? Signature.IMAGE : Signature.NONE;
    }

    /** What is in a container is told by the name of its first entry (ECMA-376 part 2, ODF 1.3 part 2, 3.3). */
    private static Signature zip(Head head) {
        int length = Math.max(0, head.two(26));
        boolean office = false;
        for (String name : new String[] {"[Content_Types].xml", "_rels/", "docProps/", "word/", "xl/", "ppt/"}) {
            office |= length >= name.length() && head.has(30, name);
        }
        boolean open = length == "mimetype".length()
                && head.has(30, "mimetype")
                && head.has(38 + Math.max(0, head.two(28)), "application/vnd.");
        return office || open ? Signature.OFFICE : Signature.ARCHIVE;
    }

    private static Signature r(Head head) {
        if (head.has(0, "Rar!") && head.has(4, 0x1A, 0x07)) {
            return Signature.ARCHIVE;
        }
        if (head.has(0, "RIFF")) {
            return head.has(8, "WEBP") ? Signature.IMAGE : Signature.NONE;
        }
        return Signature.NONE;
    }

    private static Signature b(Head head) {
        if (head.has(0, "BZh") && head.has(4, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59)) {
            return Signature.ARCHIVE;
        }
        // A bitmap says its length, two reserved zeros, and the size of a known header.
        boolean bitmap = head.has(0, "BM")
                && head.four(6) == 0
                && (head.four(14) == 40 || head.four(14) == 12 || head.four(14) == 108 || head.four(14) == 124);
        return bitmap ? Signature.IMAGE : Signature.NONE;
    }

    private static Signature tiff(Head head) {
        return head.has(0, 'I', 'I', 42, 0) || head.has(0, 'I', 'I', 43, 0) ? Signature.IMAGE : Signature.NONE;
    }

    private static Signature m(Head head) {
        if (head.has(0, 'M', 'M', 0, 42) || head.has(0, 'M', 'M', 0, 43)) {
            return Signature.IMAGE;
        }
        if (head.has(0, "MSCF") && head.four(4) == 0) {
            return Signature.ARCHIVE;
        }
        // The header of a program of DOS leads to that of Windows.
        return head.has(0, "MZ") && !head.isText() ? Signature.PROGRAM : Signature.NONE;
    }

    private static Signature l(Head head) {
        if (head.has(0, 'L', 'U', 'K', 'S', 0xBA, 0xBE)) {
            return Signature.ENCRYPTED;
        }
        return head.has(0, "LZIP") && head.unsigned(4) == 1 ? Signature.ARCHIVE : Signature.NONE;
    }

    private static Signature binary(Head head) {
        return switch (head.unsigned(0)) {
            case 0xFF ->
                head.has(0, 0xFF, 0xD8, 0xFF) || head.has(0, 0xFF, 0x4F, 0xFF, 0x51) ? Signature.IMAGE : Signature.NONE;
            case 0x89 -> head.has(0, 0x89, 'P', 'N', 'G', 13, 10, 26, 10) ? Signature.IMAGE : Signature.NONE;
            case 0x1F ->
                head.unsigned(1) == 0x8B && head.unsigned(2) == 8
                                || head.unsigned(1) == 0x9D
                                || head.unsigned(1) == 0xA0
                        ? Signature.ARCHIVE
                        : Signature.NONE;
            case 0xFD -> head.has(0, 0xFD, '7', 'z', 'X', 'Z', 0) ? Signature.ARCHIVE : Signature.NONE;
            case 0x28 -> head.has(0, 0x28, 0xB5, 0x2F, 0xFD) ? Signature.ARCHIVE : Signature.NONE;
            case 0x04 -> head.has(0, 0x04, 0x22, 0x4D, 0x18) ? Signature.ARCHIVE : Signature.NONE;
            case 0xED -> head.has(0, 0xED, 0xAB, 0xEE, 0xDB) ? Signature.ARCHIVE : Signature.NONE;
            case 0xD0 ->
                head.has(0, 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1) ? Signature.OFFICE : Signature.NONE;
            case 0x7F -> head.has(1, "ELF") ? Signature.PROGRAM : Signature.NONE;
            case 0xCA -> head.has(0, 0xCA, 0xFE, 0xBA, 0xBE) ? Signature.PROGRAM : Signature.NONE;
            case 0xCF, 0xCE -> head.has(1, 0xFA, 0xED, 0xFE) ? Signature.PROGRAM : Signature.NONE;
            case 0x00 -> zero(head);
            case 0x03 -> head.has(0, 0x03, 0xD9, 0xA2, 0x9A) ? Signature.ENCRYPTED : Signature.NONE;
            default -> Signature.NONE;
        };
    }

    private static Signature zero(Head head) {
        if (head.has(0, 0, 0, 0, 12, 'j', 'P', ' ', ' ') || head.has(0, 0, 0, 0, 12, 'J', 'X', 'L', ' ')) {
            return Signature.IMAGE;
        }
        if (head.has(4, "ftyp")) {
            boolean picture = head.has(8, "heic") || head.has(8, "heix") || head.has(8, "mif1") || head.has(8, "avif");
            return picture ? Signature.IMAGE : Signature.NONE;
        }
        if (head.has(1, "asm")) {
            return Signature.PROGRAM;
        }
        boolean icon = head.has(0, 0, 0, 1, 0) && head.two(4) > 0 && head.two(4) < 64 && head.unsigned(9) == 0;
        if (icon) {
            return Signature.IMAGE;
        }
        return head.has(0, 0, 1, 0, 0) && head.unsigned(4) == 0 && head.unsigned(5) > 0 && head.unsigned(5) < 64
                ? Signature.PROGRAM
                : Signature.NONE;
    }

    /** Signatures that stand further on. */
    private static Signature further(Head head) {
        if (head.has(TAR_MAGIC, "ustar") || isOldTar(head)) {
            return Signature.ARCHIVE;
        }
        if (head.has(NIFTI_MAGIC, 'n', '+', '1', 0) || head.has(NIFTI_MAGIC, 'n', 'i', '1', 0)) {
            return Signature.IMAGE;
        }
        // What Python compiled: a number of its version, and the end of a line that no text has there.
        if (head.unsigned(2) == '\r' && head.unsigned(3) == '\n' && !head.isText()) {
            return Signature.PROGRAM;
        }
        // A translated catalogue of messages, and a description of a terminal.
        if (head.has(0, 0xDE, 0x12, 0x04, 0x95) || head.has(0, 0x1A, 0x01) || head.has(0, 0x1E, 0x02)) {
            return Signature.PROGRAM;
        }
        int pdf = Head.find(head.raw(), 0, Math.min(head.length(), 1024), "%PDF-");
        return pdf >= 0 ? Signature.PDF : Signature.NONE;
    }

    /** The sum over a header block, with its own place as blanks (POSIX.1-1988, 10.1.1). */
    private static boolean isOldTar(Head head) {
        if (head.length() < TAR_BLOCK || head.unsigned(0) == 0) {
            return false;
        }
        long sum = 0;
        for (int i = 0; i < TAR_BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : head.unsigned(i);
        }
        long said = 0;
        int digits = 0;
        for (int i = 148; i < 156; i++) {
            int each = head.unsigned(i);
            if (each >= '0' && each <= '7') {
                said = said * 8 + each - '0';
                digits++;
            } else if (each != ' ' && each != 0) {
                return false;
            }
        }
        return digits >= 3 && said == sum;
    }
}
