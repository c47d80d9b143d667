package org.medbackup.corpus;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Names of files that somebody's program once fell over. */
final class OddNames {

    private static final int LONGEST = 255;

    private static final List<String> TEXT = List.of(
            "with space",
            " leading and trailing ",
            "line\nbreak",
            "tab\there",
            "carriage\rreturn",
            "-rf",
            "--help",
            ".hidden",
            "...",
            "~",
            "a\\b",
            "\\x41",
            "quote\"'`",
            "$(touch pwned)",
            "*?[!a]{b,c}",
            "colon:pipe|semi;amp&lt<gt>",
            "%2e%2e",
            "CON",
            "nul.txt",
            "trailing dot.",
            "UPPER",
            "upper",
            "\u00e9 composed",
            "e\u0301 decomposed",
            "日本語の名前",
            "שלום",
            "😀.dcm",
            "zero\u200bwidth",
            "bell\u0007",
            "delete\u007f");

    private static final List<byte[]> FOREIGN = List.of(
            new byte[] {(byte) 0xff},
            "Befund_M\u00fcller.txt".getBytes(StandardCharsets.ISO_8859_1),
            new byte[] {'c', 'u', 't', (byte) 0xe6, (byte) 0x97},
            new byte[] {(byte) 0xc0, (byte) 0xaf, 'x'},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            new byte[] {'\\', 'x', 'f', 'f', (byte) 0xff});

    private OddNames() {}

    /** A name whose bytes are UTF-8: every third odd, the others as files are called. */
    static byte[] text(SeededRandom random) {
        String name = switch (random.below(12)) {
            case 0, 1, 2 -> random.pick(TEXT);
            case 3 -> "n".repeat(LONGEST - 3) + random.digits(3);
            case 4 -> "é".repeat(LONGEST / 2) + random.pick("x", "y");
            default ->
                random.pick(Words.CLINICAL) + random.below(1000) + random.pick("", ".txt", ".dcm", ".HL7", ".tar.gz");
        };
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** A name whose bytes are no UTF-8. */
    static byte[] foreign(SeededRandom random) {
        return random.pick(FOREIGN).clone();
    }
}
