package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/** On what kind of machine something was measured, without its name. */
final class HostFingerprint {

    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");

    private HostFingerprint() {}

    /**
     * What it is.
     *
     * @param tool name and version of the program
     * @param memory file in which the kernel tells of memory
     */
    static Map<String, Object> of(String tool, Path memory) {
        var members = new LinkedHashMap<String, Object>();
        members.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        members.put("architecture", System.getProperty("os.arch"));
        members.put("processors", Runtime.getRuntime().availableProcessors());
        total(memory).ifPresent(bytes -> members.put("memory", bytes));
        members.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
        members.put("medbackup", tool);
        members.put("fingerprint", EvidenceFiles.sha256(Json.canonical(JsonValue.of(members))));
        return members;
    }

    private static OptionalLong total(Path memory) {
        try {
            Matcher match = TOTAL.matcher(Files.readString(memory));
            return match.find() ? OptionalLong.of(Long.parseLong(match.group(1)) << 10) : OptionalLong.empty();
        } catch (IOException unknown) {
            return OptionalLong.empty();
        }
    }
}
