package org.medbackup.audit.export;

import java.util.LinkedHashMap;
import java.util.Map;
import org.medbackup.documents.JsonValue;

/** An entry as an event of OCSF 1.8, with all that its class requires. */
final class OcsfEvent implements AuditFormat.Writer {

    static final String VERSION = "1.8.0";

    private static final int OTHER = 99;
    private static final int CREATED = 1;
    private static final int NEW = 1;

    @Override
    public String line(Told told, ExportOrigin origin) {
        Act act = told.act();
        // What is not over has no result yet.
        boolean pending = act == Act.PROVE && !told.isEnd();
        OcsfClass kind = pending ? OcsfClass.API : act.ocsf();
        int activity = activity(act, kind, pending);
        var event = new LinkedHashMap<String, Object>();
        event.put("class_uid", kind.uid());
        event.put("category_uid", kind.category());
        event.put("activity_id", activity);
        if (activity == OTHER) {
            event.put("activity_name", told.action());
        }
        event.put("type_uid", (long) kind.uid() * 100 + activity);
        event.put("time", told.entry().time().toEpochMilli());
        event.put("severity_id", told.gravity().ocsf());
        event.put("message", told.headline());
        status(event, told, kind);
        event.put("metadata", metadata(told, origin));
        switch (kind) {
            case DATASTORE, API -> access(event, told, origin, kind);
            case AUTHENTICATION -> {
                event.put("user", user(told));
                event.put("service", Map.of("name", told.service()));
                event.put("src_endpoint", Map.of("hostname", told.host(origin)));
            }
            case COMPLIANCE, DETECTION -> finding(event, told, kind);
        }
        event.put("unmapped", unmapped(told));
        return Clean.canonical(JsonValue.of(event));
    }

    private static Map<String, String> unmapped(Told told) {
        Map<String, String> unmapped = Words.details(told);
        if (!told.reason().isEmpty()) {
            unmapped.put("reason", told.reason());
        }
        if (!told.purpose().isEmpty()) {
            unmapped.put("purposeOfUse", told.purpose());
        }
        return unmapped;
    }

    private static int activity(Act act, OcsfClass kind, boolean pending) {
        if (pending) {
            return OTHER;
        }
        return kind.isFinding() ? CREATED : act.activity();
    }

    private static void status(Map<String, Object> event, Told told, OcsfClass kind) {
        if (kind.isFinding()) {
            event.put("status_id", NEW);
        } else if (!told.outcome().isEmpty()) {
            event.put("status_id", told.outcome().equals("SUCCESS") ? 1 : 2);
        }
        if (!told.code().isEmpty()) {
            event.put("status_code", told.code());
        }
    }

    private static Map<String, Object> metadata(Told told, ExportOrigin origin) {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("version", VERSION);
        var product = new LinkedHashMap<String, Object>();
        product.put("name", "MedBackup");
        product.put("vendor_name", "MedBackup");
        product.put("version", origin.version());
        metadata.put("product", product);
        metadata.put("uid", told.leaf());
        metadata.put("correlation_uid", told.operation());
        metadata.put("event_code", told.action() + "." + told.event());
        metadata.put("log_name", "audit");
        metadata.put("log_provider", Clean.text(origin.host()));
        metadata.put("original_time", told.entry().time().toString());
        metadata.put("sequence", told.entry().index());
        return metadata;
    }

    private static Map<String, Object> user(Told told) {
        var user = new LinkedHashMap<String, Object>();
        user.put("name", Words.or(told.person(), told.service()));
        user.put("type_id", told.person().isEmpty() ? 4 : 0);
        return user;
    }

    private static void access(Map<String, Object> event, Told told, ExportOrigin origin, OcsfClass kind) {
        var actor = new LinkedHashMap<String, Object>();
        actor.put("user", user(told));
        actor.put("app_name", told.service());
        event.put("actor", actor);
        event.put("src_endpoint", Map.of("hostname", told.host(origin)));
        if (kind == OcsfClass.API) {
            var api = new LinkedHashMap<String, Object>();
            api.put("operation", told.action());
            api.put("service", Map.of("name", told.service()));
            event.put("api", api);
        } else {
            boolean log = told.act() == Act.LOG_READ;
            var store = new LinkedHashMap<String, Object>();
            store.put("uid", log ? "audit" : Words.or(told.repository(), "unknown"));
            store.put("type_id", OTHER);
            store.put("type", log ? "Audit trail" : "Backup repository");
            event.put("type_id", 2);
            event.put("databucket", store);
        }
    }

    private static void finding(Map<String, Object> event, Told told, OcsfClass kind) {
        var about = new LinkedHashMap<String, Object>();
        about.put("uid", told.leaf());
        about.put("title", told.headline());
        event.put("finding_info", about);
        if (kind == OcsfClass.DETECTION) {
            event.put("is_alert", true);
            return;
        }
        var compliance = new LinkedHashMap<String, Object>();
        compliance.put("control", told.action());
        compliance.put(
                "status_id",
                switch (told.gravity()) {
                    case NONE -> 1;
                    case MINOR -> 2;
                    case SERIOUS, MAJOR -> 3;
                });
        event.put("compliance", compliance);
    }
}
