package org.medbackup.core.content;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a file is, as far as its first bytes tell. The numbers are remembered: new ones go to the end. */
public enum FileKind {
    /** Nobody has looked, or it is too short to tell. */
    UNKNOWN(0),
    /** No magic number, and nothing in it looks random: text, tables, raw images. */
    PLAIN(1),
    /** No magic number, and parts of it look random and parts do not. */
    MIXED(2),
    /** No magic number, and it looks random: ciphertext, or compressed in a way that is not known here. */
    RANDOM(3),
    PDF(4),
    /** Also documents of an office and Java archives. */
    ZIP(5),
    GZIP(6),
    XZ(7),
    ZSTD(8),
    BZIP2(9),
    LZ4(10),
    SEVEN_ZIP(11),
    RAR(12),
    JPEG(13),
    JPEG_2000(14),
    PNG(15),
    GIF(16),
    TIFF(17),
    RIFF(18),
    /** Films and pictures in the container of ISO 14496-12. */
    ISO_MEDIA(19),
    DICOM(20),
    SQLITE(21),
    POSTGRES_PAGE(22),
    ELF(23),
    /** Documents of an office before 2007. */
    OLE(24),
    /** Sealed by a program that says so: OpenSSL, age, PGP, LUKS. */
    SEALED(25),
    OGG(26),
    /** Sound as MP3, with tags. */
    MP3(27);

    private final int number;

    FileKind(int number) {
        this.number = number;
    }

    private static final FileKind[] ALL = values();

    /** Kinds by the ends of names; text stands as {@link #PLAIN}. */
    private static final Map<String, FileKind> BY_NAME = Map.ofEntries(
            Map.entry("pdf", PDF),
            Map.entry("zip", ZIP),
            Map.entry("docx", ZIP),
            Map.entry("xlsx", ZIP),
            Map.entry("pptx", ZIP),
            Map.entry("odt", ZIP),
            Map.entry("ods", ZIP),
            Map.entry("jar", ZIP),
            Map.entry("gz", GZIP),
            Map.entry("tgz", GZIP),
            Map.entry("xz", XZ),
            Map.entry("zst", ZSTD),
            Map.entry("bz2", BZIP2),
            Map.entry("7z", SEVEN_ZIP),
            Map.entry("jpg", JPEG),
            Map.entry("jpeg", JPEG),
            Map.entry("png", PNG),
            Map.entry("gif", GIF),
            Map.entry("tif", TIFF),
            Map.entry("tiff", TIFF),
            Map.entry("mp4", ISO_MEDIA),
            Map.entry("dcm", DICOM),
            Map.entry("doc", OLE),
            Map.entry("xls", OLE),
            Map.entry("ppt", OLE),
            Map.entry("sqlite", SQLITE),
            Map.entry("txt", PLAIN),
            Map.entry("csv", PLAIN),
            Map.entry("tsv", PLAIN),
            Map.entry("xml", PLAIN),
            Map.entry("json", PLAIN),
            Map.entry("ndjson", PLAIN),
            Map.entry("hl7", PLAIN),
            Map.entry("x12", PLAIN),
            Map.entry("edi", PLAIN),
            Map.entry("html", PLAIN),
            Map.entry("sql", PLAIN),
            Map.entry("log", PLAIN),
            Map.entry("yaml", PLAIN),
            Map.entry("rtf", PLAIN));

    /** The kind of a number, {@link #UNKNOWN} where it is not known. */
    public static FileKind of(int number) {
        return number >= 0 && number < ALL.length ? ALL[number] : UNKNOWN;
    }

    /** The number that stands for it in what is remembered, below 32. */
    public int number() {
        return number;
    }

    /** Whether there is a magic number by which it was known. */
    public boolean isKnownByMagic() {
        return compareTo(RANDOM) > 0;
    }

    /** Whether content of this kind is no sign of anything where it looks random or not. */
    public boolean isOrdinary() {
        return this == PLAIN || isKnownByMagic();
    }

    /** Whether content that was ordinary is not any more once it is of that kind. */
    public boolean isLostIn(FileKind now) {
        return isOrdinary() && (now == RANDOM || now == MIXED);
    }

    /** What the end of a file's name promises, empty where it promises nothing. */
    public static Optional<FileKind> promisedBy(String name) {
        return Optional.ofNullable(BY_NAME.get(extension(name)));
    }

    /** The end of a name behind its last full stop, in small letters; empty where there is none. */
    public static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= 0 || dot < name.lastIndexOf('/')
                ? ""
                : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}
