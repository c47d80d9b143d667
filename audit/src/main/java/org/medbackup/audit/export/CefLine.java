package org.medbackup.audit.export;

import java.util.LinkedHashMap;
import java.util.Map;
import org.medbackup.documents.JsonValue;

/**
 * An entry in ArcSight's Common Event Format, version 0. Backslash and bar are escaped in the header, backslash and the sign of
 * equality in the extension; line breaks are spaces by then.
 */
final class CefLine implements AuditFormat.Writer {

    @Override
    public String line(Told told, ExportOrigin origin) {
        var line = new StringBuilder("CEF:0|MedBackup|MedBackup|");
        header(line, origin.version());
        header(line, told.action() + "." + told.event());
        header(line, told.headline());
        line.append(told.gravity().cef()).append('|');
        String space = "";
        for (Map.Entry<String, String> each : extension(told, origin).entrySet()) {
            line.append(space)
                    .append(each.getKey())
                    .append('=')
                    .append(each.getValue().replace("\\", "\\\\").replace("=", "\\="));
            space = " ";
        }
        return line.toString();
    }

    private static void header(StringBuilder line, String text) {
        line.append(Clean.text(text).replace("\\", "\\\\").replace("|", "\\|")).append('|');
    }

    private static Map<String, String> extension(Told told, ExportOrigin origin) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("rt", Long.toString(told.entry().time().toEpochMilli()));
        fields.put("dvchost", Clean.text(origin.host()));
        fields.put("externalId", Long.toString(told.entry().index()));
        fields.put("act", told.action());
        fields.put("outcome", told.outcome());
        fields.put("suser", told.person());
        fields.put("shost", told.host(origin));
        fields.put("sproc", told.service());
        fields.put("reason", told.code());
        fields.put("msg", told.reason());
        custom(fields, "cs1", "leafHash", told.leaf());
        custom(fields, "cs2", "operation", told.operation());
        custom(fields, "cs3", "purposeOfUse", told.purpose());
        custom(fields, "cs4", "phase", told.phase());
        custom(fields, "cs5", "authn", told.authentication());
        Map<String, String> facts = told.facts();
        custom(fields, "cs6", "facts", facts.isEmpty() ? "" : Clean.canonical(JsonValue.of(facts)));
        fields.values().removeIf(String::isEmpty);
        return fields;
    }

    private static void custom(Map<String, String> fields, String name, String label, String value) {
        if (!value.isEmpty()) {
            fields.put(name + "Label", label);
            fields.put(name, value);
        }
    }
}
