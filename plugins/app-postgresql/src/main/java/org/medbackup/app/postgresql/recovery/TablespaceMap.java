package org.medbackup.app.postgresql.recovery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.medbackup.core.error.ErrorCode;

/**
 * Makes a restored cluster use its restored tablespaces instead of the production ones: the map that a server reads when
 * it recovers, and the links that it uses otherwise.
 *
 * <p>A line of the map is the tablespace's number, a blank and its place, in which a backslash stands before each line end
 * and backslash (PostgreSQL, {@code do_pg_backup_start}).
 *
 * @param data the restored data directory
 * @param root the folder below which the restore point's paths lie
 * @param moved tablespaces that were restored elsewhere: where they were, and where they are
 */
record TablespaceMap(Path data, Path root, Map<Path, Path> moved) {

    TablespaceMap(Path data, Path root) {
        this(data, root, Map.of());
    }

    /** Moves map and links below the root. Gives the restored places. */
    List<Path> redirect() {
        if (root.getNameCount() == 0 && moved.isEmpty()) {
            // Everything lies where it was: map and links are right.
            return List.of();
        }
        try {
            Path file = data.resolve("tablespace_map");
            if (Files.exists(file)) {
                byte[] map = Files.readAllBytes(file);
                Files.write(file, moved(map));
            }
            return redirectLinks();
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the restored tablespaces could not be redirected", failed);
        }
    }

    private List<Path> redirectLinks() throws IOException {
        List<Path> places = new ArrayList<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(data.resolve("pg_tblspc"), Files::isSymbolicLink)) {
            for (Path link : links) {
                Path place = below(Files.readSymbolicLink(link));
                if (!Files.isDirectory(place)) {
                    throw ErrorCode.RESTORED_APPLICATION_INVALID.because("a tablespace was not restored");
                }
                Files.delete(link);
                Files.createSymbolicLink(link, place);
                places.add(place);
            }
        }
        return places;
    }

    /** A place below the root; one that is there already stays. */
    private Path below(Path place) {
        Path elsewhere = moved.get(place);
        if (elsewhere != null) {
            return elsewhere;
        }
        return place.startsWith(root) ? place : root.resolve(place.subpath(0, place.getNameCount()));
    }

    byte[] moved(byte[] map) {
        var out = new ByteArrayOutputStream();
        // Byte by byte: the places need not be text of any encoding.
        for (String line : lines(new String(map, StandardCharsets.ISO_8859_1))) {
            int blank = line.indexOf(' ');
            String number = line.substring(0, blank + 1);
            byte[] place = unescaped(line.substring(blank + 1)).getBytes(StandardCharsets.ISO_8859_1);
            byte[] prefix = root.toString().getBytes(StandardCharsets.UTF_8);
            byte[] elsewhere = elsewhere(place);
            boolean there =
                    !java.util.Arrays.equals(elsewhere, place) || root.getNameCount() == 0 || startsWith(place, prefix);
            out.writeBytes(number.getBytes(StandardCharsets.ISO_8859_1));
            out.writeBytes(there ? new byte[0] : escaped(prefix));
            out.writeBytes(escaped(elsewhere));
            out.write('\n');
        }
        return out.toByteArray();
    }

    private byte[] elsewhere(byte[] place) {
        for (Map.Entry<Path, Path> each : moved.entrySet()) {
            if (java.util.Arrays.equals(each.getKey().toString().getBytes(StandardCharsets.UTF_8), place)) {
                return each.getValue().toString().getBytes(StandardCharsets.UTF_8);
            }
        }
        return place;
    }

    private static boolean startsWith(byte[] place, byte[] prefix) {
        return place.length > prefix.length
                && java.util.Arrays.equals(place, 0, prefix.length, prefix, 0, prefix.length)
                && place[prefix.length] == '/';
    }

    /** Splits at line ends that no backslash stands before. */
    private static List<String> lines(String map) {
        List<String> lines = new ArrayList<>();
        var line = new StringBuilder();
        for (int i = 0; i < map.length(); i++) {
            char c = map.charAt(i);
            if (c == '\\' && i + 1 < map.length()) {
                line.append(c).append(map.charAt(++i));
            } else if (c == '\n') {
                lines.add(line.toString());
                line.setLength(0);
            } else {
                line.append(c);
            }
        }
        if (!line.isEmpty()) {
            lines.add(line.toString());
        }
        return lines;
    }

    private static String unescaped(String text) {
        var plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            boolean escape = text.charAt(i) == '\\' && i + 1 < text.length();
            plain.append(text.charAt(escape ? ++i : i));
        }
        return plain.toString();
    }

    private static byte[] escaped(byte[] place) {
        var out = new ByteArrayOutputStream();
        for (byte b : place) {
            if (b == '\n' || b == '\r' || b == '\\') {
                out.write('\\');
            }
            out.write(b);
        }
        return out.toByteArray();
    }
}
