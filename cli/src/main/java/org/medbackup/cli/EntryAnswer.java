package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.medbackup.engine.Entry;

/** How an entry of a restore point is shown, to people and to machines. */
final class EntryAnswer {

    private EntryAnswer() {}

    static String line(Entry entry) {
        return String.format(
                Locale.ROOT,
                "%-8s %s %-8s %-8s %12d %s %s%s",
                entry.type().word(),
                mode(entry),
                entry.owner(),
                entry.group(),
                entry.size(),
                entry.modified().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                entry.path(),
                entry.symlink().isEmpty() ? "" : " -> " + entry.symlink());
    }

    private static String mode(Entry entry) {
        return String.format(Locale.ROOT, "%04o", entry.permissions());
    }

    static Map<String, Object> members(Entry entry) {
        var members = new LinkedHashMap<String, Object>();
        members.put("path", entry.path());
        members.put("type", entry.type().word());
        members.put("size", entry.size());
        members.put("mode", mode(entry));
        members.put("owner", entry.owner());
        members.put("group", entry.group());
        members.put("mtime", entry.modified().toString());
        if (!entry.symlink().isEmpty()) {
            members.put("target", entry.symlink());
        }
        return members;
    }
}
