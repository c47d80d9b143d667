package org.medbackup.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.event.Actor;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;

/**
 * One record of the trail, as it was read. Codes and outcomes are texts, because a newer version may know more of them.
 *
 * @param index its number, from 0
 * @param time wall clock of the event
 * @param operation id that all events of one command or job carry
 * @param event {@code started}, {@code phase}, {@code found}, {@code ended}, or {@code recovered} for the trail's own
 *     entry after a crash
 * @param action what is done: of the operation, or the name of the phase
 * @param actor who, from where and why; only where an operation starts or ends
 * @param outcome how it ended
 * @param code which failure of the catalogue
 * @param seconds how long it took; negative where the event has no duration
 * @param facts what may be told
 * @param veiled names of what may not be told, each with the token of its value
 * @param previous the checkpoint that was signed right before this entry, if one was
 * @param record the exact text that was hashed: canonical JSON
 */
public record AuditEntry(
        long index,
        Instant time,
        String operation,
        String event,
        @Nullable String action,
        @Nullable Actor actor,
        @Nullable String outcome,
        @Nullable String code,
        double seconds,
        Map<String, String> facts,
        Map<String, String> veiled,
        @Nullable TreeHead previous,
        String record) {

    /** How many keys sign a checkpoint. */
    static final int BOTH_KEYS = 2;

    public AuditEntry {
        facts = Collections.unmodifiableMap(new TreeMap<>(facts));
        veiled = Collections.unmodifiableMap(new TreeMap<>(veiled));
    }

    /** The hash of this entry in the tree. */
    public Hash leaf() {
        return Hash.leaf(record.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether it says that the checkpoint before it was signed with both keys. */
    boolean namesBothKeys() {
        return previous != null
                && Json.parseMembers(record)
                        .members("prevCheckpoint")
                        .find("keys")
                        .isPresent();
    }

    /** Whether it says that a spool was taken up, or waited in it. */
    boolean isOfSpool(String name) {
        JsonValue.Members json = Json.parseMembers(record);
        return ("spool".equals(event) && name.equals(facts.get("spool")))
                || (json.find("spooled").isPresent()
                        && json.members("spooled").text("spool").equals(name));
    }

    /** Reads a record; null for what no version of this program has written. */
    static @Nullable AuditEntry parse(byte[] record) {
        String text = new String(record, StandardCharsets.UTF_8);
        try {
            JsonValue.Members json = Json.parseMembers(text);
            return new AuditEntry(
                    json.whole("seq"),
                    Instant.parse(json.text("ts")),
                    json.text("op"),
                    json.text("event"),
                    text(json, "action"),
                    json.find("actor").isPresent() ? actor(json) : null,
                    text(json, "outcome"),
                    text(json, "code"),
                    seconds(json),
                    texts(json, "facts"),
                    texts(json, "veiled"),
                    json.find("prevCheckpoint").isPresent() ? head(json.members("prevCheckpoint")) : null,
                    text);
        } catch (JsonException | DateTimeParseException | IllegalArgumentException malformed) {
            return null;
        }
    }

    private static @Nullable String text(JsonValue.Members json, String name) {
        return json.find(name).isPresent() ? json.text(name) : null;
    }

    private static Actor actor(JsonValue.Members json) {
        JsonValue.Members actor = json.members("actor");
        return new Actor(
                actor.text("name"),
                actor.text("host"),
                text(json, "reason"),
                text(json, "purposeOfUse"),
                text(actor, "authn"),
                text(actor, "service"));
    }

    private static double seconds(JsonValue.Members json) {
        return switch (json.find("seconds").orElse(new JsonValue.Whole(-1))) {
            case JsonValue.Whole whole -> whole.value();
            case JsonValue.Decimal decimal -> decimal.value();
            default -> throw new IllegalArgumentException("the seconds are no number");
        };
    }

    private static Map<String, String> texts(JsonValue.Members json, String name) {
        var texts = new TreeMap<String, String>();
        if (json.find(name).isPresent()) {
            JsonValue.Members members = json.members(name);
            members.values().keySet().forEach(each -> texts.put(each, members.text(each)));
        }
        return texts;
    }

    private static TreeHead head(JsonValue.Members json) {
        return new TreeHead(json.whole("size"), Hash.parse(json.text("root")));
    }
}
