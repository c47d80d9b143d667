package org.medbackup.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.core.error.ErrorCode;

/**
 * The files of a drill's evidence: {@code drill-ID.json}, {@code .html}, {@code .pdf}, and {@code .sig}, a note whose lines are
 * those of {@code sha256sum} over the others.
 */
record EvidenceFiles(Path folder, String base) {

    /** The first line of what is signed: no other thing that the key signs begins with it. */
    private static final String KIND = "medbackup/drill-evidence/v1";

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) {2}([^/\\n]+)");

    Path file(String ending) {
        return folder.resolve(name(ending));
    }

    String name(String ending) {
        return base + "." + ending;
    }

    /** What is signed. */
    String statement(Map<String, byte[]> contents) {
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

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] write(String ending, byte[] content) {
        try {
            Files.createDirectories(folder);
            Files.write(file(ending), content);
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the report cannot be written there", failed);
        }
        return content;
    }
}
