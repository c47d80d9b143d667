package org.medbackup.audit.export;

import static java.nio.charset.StandardCharsets.UTF_16BE;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditEntry;
import org.medbackup.core.event.Actor;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/** Entries to tell. */
final class Entries {

    static final ExportOrigin ORIGIN = new ExportOrigin("backup01.clinic.example", "0.1.0");
    static final Actor ACTOR = new Actor("j.doe", "admin7.clinic.example", "ticket 4711", "HOPERAT", "os", "medbackup");
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123Z");
    private static final Map<String, String> PLACE = Map.of("repository", "ab12cd34");

    private Entries() {}

    static AuditEntry entry(
            long index,
            String operation,
            String event,
            @Nullable String action,
            @Nullable Actor actor,
            @Nullable String outcome,
            @Nullable String code,
            Map<String, String> facts,
            Map<String, String> veiled) {
        var record = new LinkedHashMap<String, Object>();
        record.put("v", 1);
        record.put("seq", index);
        record.put("event", event);
        record.put("op", operation);
        record.put("facts", facts);
        if (actor != null) {
            record.put("actor", actor.name());
            record.put("reason", String.valueOf(actor.reason()));
        }
        return new AuditEntry(
                index,
                NOON.plusSeconds(index),
                operation,
                event,
                action,
                actor,
                outcome,
                code,
                event.equals("ended") || event.equals("phase") ? 1.5 : -1,
                facts,
                veiled,
                null,
                written(record));
    }

    /** As the trail writes it: without halves of surrogate pairs, canonical. */
    private static String written(Map<String, Object> record) {
        String clean = new String(Json.canonical(JsonValue.of(record)).getBytes(UTF_16BE), UTF_16BE);
        return Json.canonical(Json.parse(clean));
    }

    static AuditEntry started(String action) {
        return entry(7, "0011223344556677", "started", action, ACTOR, null, null, Map.of("paths", "1"), PLACE);
    }

    static AuditEntry ended(String action, String outcome, @Nullable String code) {
        return entry(9, "0011223344556677", "ended", action, ACTOR, outcome, code, Map.of("files", "12"), Map.of());
    }

    static AuditEntry phase() {
        return entry(8, "0011223344556677", "phase", "scan", null, "SUCCESS", null, Map.of(), Map.of());
    }

    static AuditEntry found(String code) {
        return entry(8, "0011223344556677", "found", null, null, null, code, Map.of(), Map.of("path", "ee11"));
    }

    static AuditEntry recovered() {
        return entry(
                3, "8899aabbccddeeff", "recovered", "audit.recover", null, null, null, Map.of("bytes", "3"), Map.of());
    }

    /** A whole operation. */
    static List<AuditEntry> operation(String action, String outcome, @Nullable String code) {
        return List.of(started(action), phase(), found("FILE_VANISHED"), ended(action, outcome, code));
    }

    /** A restore of the data of one patient. */
    static List<AuditEntry> disclosure() {
        return List.of(
                entry(
                        1,
                        "0a",
                        "started",
                        "restore",
                        new Actor("j.doe", "ward3.clinic.example", "court order 12", "HLEGAL", "os", "medbackup"),
                        null,
                        null,
                        Map.of(),
                        Map.of("repository", "ab12cd34", "patient", "c0ffee")),
                entry(2, "0a", "ended", "restore", ACTOR, "SUCCESS", null, Map.of(), Map.of("patient", "c0ffee")));
    }

    /** One operation of each kind, with each way to end, and what belongs to none. */
    static List<AuditEntry> everyKind() {
        var all = new ArrayList<AuditEntry>();
        for (String action : Actions.all().keySet()) {
            all.addAll(operation(action, "SUCCESS", null));
        }
        for (String outcome : List.of("INCOMPLETE", "FINDING", "FAILURE", "REFUSED", "CANCELLED")) {
            all.addAll(operation("verify", outcome, "OBJECT_DAMAGED"));
            all.addAll(operation("drill", outcome, "STATE_UNUSABLE"));
        }
        all.addAll(disclosure());
        all.add(recovered());
        all.add(found("OBJECT_DAMAGED"));
        all.add(found("OF_ANOTHER_VERSION"));
        all.add(entry(4, "x", "limit", "limit-changed", ACTOR, null, null, Map.of("rule", "r"), Map.of()));
        all.add(entry(5, "y", "of-another-version", null, null, null, null, Map.of(), Map.of()));
        all.addAll(operation("of-another-version", "OF_ANOTHER_VERSION", null));
        return all;
    }

    static List<String> lines(AuditFormat format, List<AuditEntry> entries) {
        var export = new AuditExport(format, ORIGIN);
        return entries.stream().map(export::line).toList();
    }
}
