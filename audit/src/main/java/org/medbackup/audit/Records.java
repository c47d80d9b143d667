package org.medbackup.audit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.CheckpointFile.Signed;
import org.medbackup.audit.files.Frame;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Facts;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/** Writes events as records. Immutable; safe for use by several threads. */
record Records(TrailKeys keys) {

    private static final int VERSION = 1;

    /** What a record becomes longer by when it gets its place, with the checkpoint before it and the spool it waited in. */
    private static final int PLACE = 400;

    /** What happened to the trail itself: a tail that a crash left was cut off. */
    record Recovery(Instant time, String operation, String kind, int bytes, String sha256) {}

    /** Which events are recorded. How far an operation is tells nobody anything later. */
    static boolean isRecorded(BackupEvent event) {
        return !(event instanceof BackupEvent.Progress);
    }

    /**
     * The record of an event.
     *
     * @throws org.medbackup.core.error.UsageException where it would be longer than an entry can be
     */
    byte[] of(Recorded what, long index, @Nullable Signed previous) {
        Map<String, Object> record = switch (what) {
            case Recorded.Event event -> members(event.event());
            case Recorded.Late late -> late(late);
            case Recorded.TakenUp takenUp -> takenUp(takenUp);
        };
        return encode(placed(record, index, previous));
    }

    /**
     * The record of an event that has no place in the trail yet.
     *
     * @throws org.medbackup.core.error.UsageException where it would be longer than an entry can be
     */
    String waiting(BackupEvent event) {
        byte[] record = encode(members(event));
        requireLength(record.length + PLACE);
        return new String(record, StandardCharsets.UTF_8);
    }

    private static Map<String, Object> late(Recorded.Late late) {
        var record = new LinkedHashMap<String, Object>(
                Json.parseMembers(late.record()).values());
        record.put("spooled", Map.of("number", late.number(), "spool", late.spool()));
        return record;
    }

    private static Map<String, Object> takenUp(Recorded.TakenUp takenUp) {
        Map<String, Object> record = start(takenUp.time(), takenUp.operation());
        record.put("event", "spool");
        record.put("action", "audit.spool");
        record.put(
                "facts",
                Map.of(
                        "waited", String.valueOf(takenUp.waited()),
                        "lostBytes", String.valueOf(takenUp.lost()),
                        "spool", takenUp.spool()));
        return record;
    }

    private Map<String, Object> members(BackupEvent event) {
        Map<String, Object> record = start(event.time(), event.operation());
        switch (event) {
            case BackupEvent.Started started -> {
                record.put("event", "started");
                put(record, started.action(), started.actor(), started.facts());
            }
            case BackupEvent.PhaseEnded phase -> {
                record.put("event", "phase");
                record.put("action", clean(phase.phase()));
                record.put("outcome", phase.outcome());
                record.put("seconds", seconds(phase.took()));
                put(record, phase.facts());
            }
            case BackupEvent.Found found -> {
                record.put("event", "found");
                record.put("code", found.code());
                put(record, found.facts());
            }
            case BackupEvent.Ended ended -> {
                record.put("event", "ended");
                record.put("outcome", ended.outcome());
                putIfKnown(record, "code", ended.code());
                record.put("seconds", seconds(ended.took()));
                put(record, ended.action(), ended.actor(), ended.facts());
            }
            case BackupEvent.LimitChanged changed -> {
                record.put("event", "limit");
                put(record, "limit-changed", changed.actor(), limits(changed));
            }
            case BackupEvent.Progress _ -> throw new IllegalArgumentException("progress is not recorded");
        }
        return record;
    }

    private static Facts limits(BackupEvent.LimitChanged changed) {
        return Facts.of("rule", changed.rule()).and("old", changed.before()).and("new", changed.now());
    }

    /** The record of a recovery. */
    byte[] of(Recovery recovery, long index, @Nullable Signed previous) {
        Map<String, Object> record = start(recovery.time(), recovery.operation());
        record.put("event", "recovered");
        record.put("action", "audit.recover");
        record.put(
                "facts",
                Map.of(
                        "bytes", String.valueOf(recovery.bytes()),
                        "sha256", recovery.sha256(),
                        "torn", recovery.kind()));
        return encode(placed(record, index, previous));
    }

    private static Map<String, Object> start(Instant time, String operation) {
        var record = new LinkedHashMap<String, Object>();
        record.put("v", VERSION);
        record.put("ts", time.toString());
        record.put("op", clean(operation));
        return record;
    }

    private static Map<String, Object> placed(Map<String, Object> record, long index, @Nullable Signed previous) {
        record.put("seq", index);
        if (previous != null) {
            var checkpoint = new LinkedHashMap<String, Object>();
            checkpoint.put("size", previous.size());
            checkpoint.put("root", previous.head().root().toString());
            if (previous.both()) {
                checkpoint.put("keys", AuditEntry.BOTH_KEYS);
            }
            record.put("prevCheckpoint", checkpoint);
        }
        return record;
    }

    private void put(Map<String, Object> record, String action, Actor actor, Facts facts) {
        record.put("action", clean(action));
        var who = new LinkedHashMap<String, Object>();
        who.put("name", clean(actor.name()));
        who.put("host", clean(actor.host()));
        putIfKnown(who, "authn", actor.authentication());
        putIfKnown(who, "service", actor.service());
        record.put("actor", who);
        putIfKnown(record, "reason", actor.reason());
        putIfKnown(record, "purposeOfUse", actor.purpose());
        put(record, facts);
    }

    private void put(Map<String, Object> record, Facts facts) {
        var open = new LinkedHashMap<String, String>();
        facts.open().forEach((name, value) -> open.put(clean(name), clean(value)));
        var veiled = new LinkedHashMap<String, String>();
        facts.veiled().forEach((name, value) -> veiled.put(clean(name), keys.token(clean(value))));
        if (!open.isEmpty()) {
            record.put("facts", open);
        }
        if (!veiled.isEmpty()) {
            record.put("veiled", veiled);
        }
    }

    private static void putIfKnown(Map<String, Object> record, String name, @Nullable Object value) {
        if (value != null) {
            record.put(name, value instanceof String text ? clean(text) : value);
        }
    }

    private static double seconds(Duration took) {
        return took.toNanos() / 1e9;
    }

    /** RFC 8785 knows well-formed Unicode only: half a surrogate pair becomes the replacement character. */
    static String clean(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
    }

    private static byte[] encode(Map<String, Object> record) {
        byte[] bytes = Json.canonical(JsonValue.of(record)).getBytes(StandardCharsets.UTF_8);
        requireLength(bytes.length);
        return bytes;
    }

    private static void requireLength(int length) {
        if (length > Frame.LONGEST_RECORD) {
            throw ErrorCode.USAGE.because(
                    "its audit record would be longer than " + Frame.LONGEST_RECORD + " bytes; give a shorter reason");
        }
    }
}
