package org.medbackup.audit.export;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.medbackup.audit.AuditEntry;

/**
 * Tells entries in a format, in their order. Keeps the beginnings of operations, since what happens within one says neither
 * who does it nor what: at most some thousand, those that began last. The text of an entry depends on it and on its
 * operation's beginning alone, so that it is the same each time. For one thread.
 */
public final class AuditExport {

    private static final int UNDER_WAY = 4096;

    private final AuditFormat format;
    private final ExportOrigin origin;
    private final Map<String, AuditEntry> begun = new LinkedHashMap<>();

    /** Of a format. */
    public AuditExport(AuditFormat format, ExportOrigin origin) {
        this.format = format;
        this.origin = origin;
    }

    /** An entry that is not told, since it was before or is of no interest: those after it may belong to it. */
    public void skip(AuditEntry entry) {
        if (entry.event().equals("started")) {
            begun.put(entry.operation(), entry);
            if (begun.size() > UNDER_WAY) {
                begun.remove(begun.keySet().iterator().next());
            }
        } else if (entry.event().equals("ended")) {
            begun.remove(entry.operation());
        }
    }

    /** The line of an entry as a message of RFC 5424, without a frame. */
    public byte[] message(AuditEntry entry) {
        String line = line(entry);
        return format == AuditFormat.ATNA
                ? line.getBytes(StandardCharsets.UTF_8)
                : AtnaMessage.wrapped(entry, origin, "AUDIT", line);
    }

    /** The line of an entry, without its end. It holds no line break and no other control character, whatever it tells. */
    public String line(AuditEntry entry) {
        String line = format.writer().line(new Told(entry, begun.get(entry.operation())), origin);
        skip(entry);
        return line;
    }
}
