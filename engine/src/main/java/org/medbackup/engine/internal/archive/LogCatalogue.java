package org.medbackup.engine.internal.archive;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.LogArchive.LogEntry;

/** The files of a log that one restore point holds, as its evidence tells them. */
public final class LogCatalogue {

    /** By this the evidence of a restore point of log is known. */
    public static final String FORMAT = "log.format";

    private static final String FILE = "log.file.";

    private LogCatalogue() {}

    /** Writes the evidence. */
    public static SortedMap<String, String> encode(List<LogEntry> files) {
        var evidence = new TreeMap<String, String>();
        evidence.put(FORMAT, "1");
        for (int i = 0; i < files.size(); i++) {
            LogEntry file = files.get(i);
            var line = new StringBuilder(text(file.name()))
                    .append(' ')
                    .append(file.size())
                    .append(' ')
                    .append(file.sha256());
            file.facts()
                    .forEach((key, value) ->
                            line.append(' ').append(text(key)).append('=').append(text(value)));
            evidence.put(FILE + String.format(Locale.ROOT, "%05d", i), line.toString());
        }
        return evidence;
    }

    /**
     * Reads the evidence.
     *
     * @param stored when the restore point was committed
     */
    public static List<LogEntry> decode(Map<String, String> evidence, Instant stored) {
        var files = new ArrayList<LogEntry>();
        evidence.forEach((key, line) -> {
            if (key.startsWith(FILE)) {
                files.add(file(line.split(" "), stored));
            }
        });
        return files;
    }

    private static LogEntry file(String[] words, Instant stored) {
        try {
            var facts = new TreeMap<String, String>();
            for (int i = 3; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                facts.put(plain(words[i].substring(0, equals)), plain(words[i].substring(equals + 1)));
            }
            return new LogEntry(plain(words[0]), Long.parseLong(words[1]), words[2], stored, facts);
        } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
            throw ErrorCode.OBJECT_DAMAGED.because("a restore point's list of log files is malformed", malformed);
        }
    }

    private static String text(String plain) {
        return URLEncoder.encode(plain, StandardCharsets.UTF_8);
    }

    private static String plain(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
