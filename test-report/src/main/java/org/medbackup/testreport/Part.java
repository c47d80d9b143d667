package org.medbackup.testreport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What one JVM has reported so far.
 *
 * @param file where it stands
 * @param lines what could be read of it
 * @param complete whether the JVM came to the end of its tests
 */
record Part(Path file, List<Json.Obj> lines, boolean complete) {

    Part {
        lines = List.copyOf(lines);
    }

    static Part read(Path file) throws IOException {
        var lines = new ArrayList<Json.Obj>();
        boolean readable = true;
        // Not readAllLines: a JVM that dies within a character leaves bytes that are no UTF-8.
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        for (String line : text.lines().toList()) {
            try {
                lines.add(Json.parseObject(line));
            } catch (JsonException _) {
                readable = false;
            }
        }
        boolean ended = !lines.isEmpty() && lines.getLast().get("ended").isPresent();
        return new Part(file, lines, readable && ended);
    }

    /** The build to which it belongs; empty if the JVM died before it said so. */
    String run() {
        return lines.stream()
                .filter(line -> line.get("run").isPresent())
                .findFirst()
                .map(line -> line.text("run"))
                .orElse("");
    }

    List<Json.Obj> tests() {
        return lines.stream().filter(line -> line.get("nodeid").isPresent()).toList();
    }
}
