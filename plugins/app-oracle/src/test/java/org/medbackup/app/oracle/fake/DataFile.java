package org.medbackup.app.oracle.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One data file: the first half of each block in the first half of the file, the other halves and the header behind them. A
 * copy that is made while it is written holds halves that do not belong together, and nobody says so.
 *
 * @param values of the blocks
 * @param scns of the blocks' last changes
 * @param checkpoint up to which all changes are in it, as its header says
 * @param backup SCN at which it entered backup mode, 0 for none
 */
record DataFile(int number, Map<Integer, Long> values, Map<Integer, Long> scns, long checkpoint, long backup) {

    /** Between these two halves others may write. */
    static final String MIDDLE = "----\n";

    DataFile {
        values = new TreeMap<>(values);
        scns = new TreeMap<>(scns);
    }

    String text() {
        var text = new StringBuilder();
        values.forEach((block, value) ->
                text.append("value ").append(block).append(' ').append(value).append('\n'));
        text.append(MIDDLE);
        scns.forEach((block, scn) ->
                text.append("scn ").append(block).append(' ').append(scn).append('\n'));
        return text + "header " + number + " " + checkpoint + " " + backup + "\n";
    }

    void write(Path path) {
        try {
            Files.writeString(path, text());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static boolean isOne(Path path) {
        try {
            List<String> lines = Files.readAllLines(path);
            return !lines.isEmpty() && lines.getLast().startsWith("header ");
        } catch (IOException gone) {
            return false;
        }
    }

    static DataFile read(Path path) {
        try {
            return parse(Files.readAllLines(path));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static DataFile parse(List<String> lines) {
        var values = new TreeMap<Integer, Long>();
        var scns = new TreeMap<Integer, Long>();
        String[] header = lines.getLast().split(" ");
        for (String line : lines) {
            String[] words = line.split(" ");
            if (words[0].equals("value")) {
                values.put(Integer.parseInt(words[1]), Long.parseLong(words[2]));
            } else if (words[0].equals("scn")) {
                scns.put(Integer.parseInt(words[1]), Long.parseLong(words[2]));
            }
        }
        return new DataFile(
                Integer.parseInt(header[1]), values, scns, Long.parseLong(header[2]), Long.parseLong(header[3]));
    }
}
