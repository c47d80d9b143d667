package org.medbackup.app.oracle.fake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** What is in a backup piece: lines, and a sum at the end. */
final class PieceText {

    private PieceText() {}

    static String sealed(String text) {
        return text + "sum " + sum(text) + "\n";
    }

    private static long sum(String text) {
        var sum = new CRC32C();
        sum.update(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return sum.getValue();
    }

    /** The lines of a piece; null where they are not what they were. */
    static @org.jspecify.annotations.Nullable List<String> opened(Path piece) {
        try {
            String text = Files.readString(piece);
            int end = text.lastIndexOf("sum ");
            boolean sound = end >= 0 && text.substring(end).equals("sum " + sum(text.substring(0, end)) + "\n");
            return sound ? text.substring(0, end).lines().toList() : null;
        } catch (IOException gone) {
            return null;
        }
    }

    /** What RMAN puts together of pieces. */
    static Map<Integer, DataFile> restored(List<Path> pieces, long until) throws OracleError {
        var files = new TreeMap<Integer, DataFile>();
        boolean changed = true;
        List<List<String>> texts = new ArrayList<>();
        for (Path each : pieces) {
            if (!Files.exists(each)) {
                // RMAN goes on with another backup, where it has one.
                continue;
            }
            List<String> lines = opened(each);
            if (lines == null) {
                throw new OracleError(19870);
            }
            if (lines.getFirst().startsWith("datafile ")) {
                texts.add(lines);
            }
        }
        while (changed) {
            changed = false;
            for (List<String> each : texts) {
                changed |= take(files, each, until);
            }
        }
        return files;
    }

    /** Applies a piece to what there is of a file, where it fits: to one state of the file only (ORA-19648). */
    static boolean take(Map<Integer, DataFile> files, List<String> lines, long until) {
        String[] head = lines.getFirst().split(" ");
        int number = Integer.parseInt(head[1]);
        boolean full = head[2].equals("0");
        long since = Long.parseLong(head[3]);
        long checkpoint = Long.parseLong(head[4]);
        DataFile have = files.get(number);
        boolean joins =
                full ? have == null : have != null && have.checkpoint() >= since && have.checkpoint() < checkpoint;
        if (!joins || checkpoint >= until) {
            return false;
        }
        var values = have == null ? new TreeMap<Integer, Long>() : new TreeMap<>(have.values());
        var scns = have == null ? new TreeMap<Integer, Long>() : new TreeMap<>(have.scns());
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ");
            values.put(Integer.parseInt(words[1]), Long.parseLong(words[2]));
            scns.put(Integer.parseInt(words[1]), Long.parseLong(words[3]));
        }
        files.put(number, new DataFile(number, values, scns, checkpoint, 0));
        return true;
    }
}
