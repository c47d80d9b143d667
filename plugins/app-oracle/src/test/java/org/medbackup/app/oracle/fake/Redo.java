package org.medbackup.app.oracle.fake;

import java.util.ArrayList;
import java.util.List;

/**
 * One log of one thread, in memory and as text.
 *
 * @param first SCN of its first change
 * @param next SCN behind its last one; 0 while it is written
 * @param ended the server's time at its end
 */
record Redo(int thread, long sequence, long first, long next, String ended, List<Entry> records) {

    /** One record. */
    sealed interface Entry {

        long scn();

        /** A block is changed. */
        record Change(long scn, int block, long by) implements Entry {}

        /** A whole block, as it was before its first change in backup mode. */
        record Image(long scn, int block, long value, long blockScn) implements Entry {}

        /** A file leaves backup mode. */
        record End(long scn, int file) implements Entry {}
    }

    static Redo opened(int thread, long sequence, long first) {
        return new Redo(thread, sequence, first, 0, "", new ArrayList<>());
    }

    Redo closed(long at, String time) {
        return new Redo(thread, sequence, first, at, time, List.copyOf(records));
    }

    String text() {
        var text = new StringBuilder("log %d %d %d %d %s%n".formatted(thread, sequence, first, next, ended));
        for (Entry each : records) {
            text.append(
                            switch (each) {
                                case Entry.Change c -> "change " + c.scn() + " " + c.block() + " " + c.by();
                                case Entry.Image i ->
                                    "image " + i.scn() + " " + i.block() + " " + i.value() + " " + i.blockScn();
                                case Entry.End e -> "end " + e.scn() + " " + e.file();
                            })
                    .append('\n');
        }
        return text.toString();
    }

    static Redo parse(List<String> lines) {
        String[] head = lines.getFirst().split(" ");
        List<Entry> records = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ");
            long scn = Long.parseLong(words[1]);
            int where = Integer.parseInt(words[2]);
            records.add(
                    switch (words[0]) {
                        case "change" -> new Entry.Change(scn, where, Long.parseLong(words[3]));
                        case "image" -> new Entry.Image(scn, where, Long.parseLong(words[3]), Long.parseLong(words[4]));
                        default -> new Entry.End(scn, where);
                    });
        }
        return new Redo(
                Integer.parseInt(head[1]),
                Long.parseLong(head[2]),
                Long.parseLong(head[3]),
                Long.parseLong(head[4]),
                head[5],
                records);
    }
}
