package org.medbackup.audit.report;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a report: {@code report.json}, {@code .html}, {@code .pdf}, {@code .csv}; {@code report.checkpoint}, the signed
 * head to which the proofs lead; and {@code report.sig}, a note whose lines are those of {@code sha256sum} over the first four.
 *
 * @param folder in which they lie
 */
public record ReportFiles(Path folder) {

    /** Those whose sums are signed. */
    public static final List<String> SIGNED = List.of("csv", "html", "json", "pdf");

    /** The first line of what is signed: no other thing that the key signs begins with it. */
    private static final String KIND = "medbackup/compliance-report/v1";

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) {2}([^/\\n]+)");

    /** The name of one of them. */
    public static String name(String ending) {
        return "report." + ending;
    }

    /** One of them. */
    public Path file(String ending) {
        return folder.resolve(name(ending));
    }

    /** What is signed. */
    public static String statement(Map<String, byte[]> contents) {
        var lines = new StringBuilder(KIND).append('\n');
        new TreeMap<>(contents)
                .forEach((ending, bytes) -> lines.append(sha256(bytes))
                        .append("  ")
                        .append(name(ending))
                        .append('\n'));
        return lines.toString();
    }

    /** The sums of what was signed, by name; empty where it is no such statement. */
    static Map<String, String> sums(String statement) {
        List<String> lines = statement.lines().toList();
        var sums = new TreeMap<String, String>();
        if (!lines.isEmpty() && lines.getFirst().equals(KIND)) {
            for (String line : lines.subList(1, lines.size())) {
                Matcher match = LINE.matcher(line);
                if (match.matches()) {
                    sums.put(match.group(2), match.group(1));
                }
            }
        }
        return sums;
    }

    /** SHA-256 in hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
