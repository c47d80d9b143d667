package org.medbackup.audit.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.medbackup.audit.AuditEntry;
import org.medbackup.core.event.Actor;
import org.medbackup.corpus.SeededRandom;

/** Entries whose every text was chosen by somebody who wants to forge a record. */
final class Hostile {

    private static final List<String> PIECES = List.of(
            "\n",
            "\r\n",
            "\n<85>1 2026-01-01T00:00:00Z h medbackup - X - forged",
            "|",
            "=",
            "\\",
            "\\n",
            " suser=forged",
            " cs1=forged",
            "\\=",
            "\\|",
            "]",
            "\"]",
            "\"",
            "'",
            "\",\"outcome\":\"0\",\"x\":\"",
            "}\n{\"resourceType\":\"AuditEvent\"}",
            "<",
            ">",
            "&",
            "&lt;",
            "]]>",
            "<!--",
            "\"/><EventIdentification/>",
            "\u0000",
            "\u0001",
            "\u001b[31m",
            "\u007f",
            "\u0085",
            "\u00a0",
            "\u2028",
            "\u2029",
            "\u202e",
            "\ufeff",
            "\ufffe",
            "\uffff",
            "\ud800",
            "\udc00",
            "\ud83d\ude00",
            "Müller",
            " ",
            "  ",
            "\t",
            "%0a",
            "${jndi:x}",
            "CEF:0|a|b|c|d|e|1|",
            "admin",
            "0");

    private final SeededRandom random;

    private Hostile(long seed) {
        this.random = SeededRandom.of(seed);
    }

    private String text() {
        var text = new StringBuilder();
        int pieces = random.below(6);
        for (int i = 0; i < pieces; i++) {
            text.append(random.pick(PIECES));
        }
        return text.toString();
    }

    private Map<String, String> texts() {
        var texts = new TreeMap<String, String>();
        int count = random.below(4);
        for (int i = 0; i < count; i++) {
            texts.put("n" + text(), text());
        }
        return texts;
    }

    private AuditEntry entry(int index) {
        List<String> events = List.of("started", "ended", "found", "phase", "recovered", "limit", text());
        var actor = new Actor(text(), text(), text(), text(), text(), text());
        var veiled = new TreeMap<>(texts());
        if (random.oneIn(4)) {
            veiled.put("patient", text());
        }
        veiled.put("repository", text());
        List<String> actions = List.of("restore", "backup", "dump", "drill", "serve", "verify", text());
        return Entries.entry(
                index,
                random.oneIn(3) ? text() : "0011",
                random.pick(events),
                random.oneIn(5) ? null : random.pick(actions),
                random.oneIn(5) ? null : actor,
                random.nextBoolean() ? null : text(),
                random.nextBoolean() ? null : text(),
                texts(),
                veiled);
    }

    /** Some entries. */
    static List<AuditEntry> entries(long seed, int count) {
        var hostile = new Hostile(seed);
        var entries = new ArrayList<AuditEntry>();
        for (int i = 0; i < count; i++) {
            entries.add(hostile.entry(i));
        }
        return entries;
    }
}
