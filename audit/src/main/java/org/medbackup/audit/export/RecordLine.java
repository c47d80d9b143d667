package org.medbackup.audit.export;

import java.util.LinkedHashMap;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/** The record with the hash of its leaf: whoever makes the record canonical again (RFC 8785) can check it. */
final class RecordLine implements AuditFormat.Writer {

    @Override
    public String line(Told told, ExportOrigin origin) {
        var members = new LinkedHashMap<String, JsonValue>();
        members.put("leaf", new JsonValue.Text(told.leaf()));
        members.put("record", Json.parse(told.entry().record()));
        return Clean.canonical(new JsonValue.Members(members));
    }
}
