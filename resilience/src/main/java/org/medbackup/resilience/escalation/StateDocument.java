package org.medbackup.resilience.escalation;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/**
 * All that survives a restart, as it is written down. Immutable.
 *
 * @param lastDigest when the digest was last due
 * @param incidents sorted by id
 * @param courses by incident
 * @param boxes by channel
 */
record StateDocument(
        Instant lastDigest, List<Incident> incidents, Map<String, Course> courses, Map<String, Box.Content> boxes) {

    private static final long VERSION = 1;

    /** Nothing has happened. */
    static StateDocument empty(Instant now) {
        return new StateDocument(now, List.of(), Map.of(), Map.of());
    }

    String text() {
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("version", VERSION);
        all.put("lastDigest", lastDigest.toString());
        all.put("incidents", incidents.stream().map(StateDocument::json).toList());
        all.put("courses", each(courses, StateDocument::json));
        all.put("channels", each(boxes, StateDocument::json));
        return Json.write(JsonValue.of(all));
    }

    private static <T> Map<String, @Nullable Object> each(Map<String, T> values, Function<T, JsonValue> json) {
        var all = new TreeMap<String, @Nullable Object>();
        values.forEach((name, value) -> all.put(name, json.apply(value)));
        return all;
    }

    private static @Nullable String time(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    private static List<String> times(Collection<Instant> all) {
        return all.stream().map(Instant::toString).toList();
    }

    private static JsonValue json(Incident incident) {
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("failure", incident.cause().failure());
        all.put("resource", incident.cause().resource());
        all.put("severity", incident.severity());
        all.put("state", incident.state());
        all.put("members", incident.members().stream().map(StateDocument::json).toList());
        all.put("since", time(incident.since()));
        all.put("lastSeen", time(incident.lastSeen()));
        all.put("reports", incident.reports());
        all.put("description", json(incident.description()));
        Acknowledgement taken = incident.acknowledged();
        all.put("acknowledged", taken == null ? null : json(taken));
        all.put("mended", time(incident.mended()));
        all.put("changes", times(incident.changes()));
        return JsonValue.of(all);
    }

    private static JsonValue json(Member member) {
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("job", member.job());
        all.put("protectedUntil", time(member.protectedUntil()));
        all.put("mended", member.mended());
        return JsonValue.of(all);
    }

    private static JsonValue json(Description description) {
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("title", description.title());
        all.put("host", description.host());
        all.put("tried", description.tried());
        all.put("next", time(description.next()));
        all.put("remedy", description.remedy());
        return JsonValue.of(all);
    }

    private static JsonValue json(Acknowledgement taken) {
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("by", taken.by());
        all.put("note", taken.note());
        all.put("at", time(taken.at()));
        all.put("until", time(taken.until()));
        return JsonValue.of(all);
    }

    private static JsonValue json(Course course) {
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("said", course.said());
        all.put("saidAt", time(course.saidAt()));
        all.put("rung", time(course.rung()));
        all.put("step", course.step());
        return JsonValue.of(all);
    }

    private static JsonValue json(Box.Content box) {
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("pending", box.pending().stream().map(StateDocument::json).toList());
        all.put("told", box.told());
        all.put("surplus", json(box.surplus()));
        all.put("digest", json(box.digest()));
        all.put("digestDue", box.digestDue());
        all.put("sent", times(box.sent()));
        all.put("failures", box.failures());
        all.put("refusals", box.refusals());
        all.put("failedAt", time(box.failedAt()));
        return JsonValue.of(all);
    }

    private static JsonValue json(Pending pending) {
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("incident", pending.incident());
        all.put("kind", pending.kind());
        all.put("refusals", pending.refusals());
        all.put("refusedAt", time(pending.refusedAt()));
        return JsonValue.of(all);
    }

    private static JsonValue json(Gathering gathering) {
        var all = new LinkedHashMap<String, @Nullable Object>();
        all.put("told", gathering.told());
        all.put("named", gathering.named());
        return JsonValue.of(all);
    }

    /**
     * Reads one.
     *
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#STATE_UNUSABLE} where it is none, or one of a
     *     newer version
     */
    static StateDocument read(String text) {
        try {
            Members all = Json.parseMembers(text);
            if (all.whole("version") != VERSION) {
                throw ErrorCode.STATE_UNUSABLE.because("the incidents were written by another version");
            }
            var document = new StateDocument(
                    at(all, "lastDigest"),
                    list(all, "incidents", StateDocument::incident),
                    map(all.members("courses"), StateDocument::course),
                    map(all.members("channels"), StateDocument::box));
            document.requireWhole();
            return document;
        } catch (JsonException | DateTimeException | IllegalArgumentException | ArithmeticException damaged) {
            throw ErrorCode.STATE_UNUSABLE.because("the incidents that were written down cannot be read", damaged);
        }
    }

    /** News of an incident is written from it. */
    private void requireWhole() {
        Set<String> known = incidents.stream().map(Incident::id).collect(Collectors.toSet());
        boolean whole = boxes.values().stream()
                .flatMap(box -> box.pending().stream())
                .allMatch(news -> known.contains(news.incident()));
        if (!whole) {
            throw new IllegalArgumentException("there is news of an incident that is not there");
        }
    }

    private static Instant at(Members in, String name) {
        return Instant.parse(in.text(name));
    }

    private static @Nullable Instant atOrNull(Members in, String name) {
        return in.find(name).isEmpty() ? null : at(in, name);
    }

    private static int count(Members in, String name) {
        return Math.toIntExact(in.whole(name));
    }

    private static boolean truth(Members in, String name) {
        return in.find(name).equals(Optional.of(new JsonValue.Truth(true)));
    }

    private static <T> List<T> list(Members in, String name, Function<Members, T> read) {
        List<T> all = new ArrayList<>();
        for (JsonValue each : in.items(name)) {
            all.add(read.apply(members(each)));
        }
        return all;
    }

    private static <T> Map<String, T> map(Members in, Function<Members, T> read) {
        Map<String, T> all = new TreeMap<>();
        in.values().forEach((name, value) -> all.put(name, read.apply(members(value))));
        return all;
    }

    private static Members members(JsonValue value) {
        if (value instanceof Members members) {
            return members;
        }
        throw new IllegalArgumentException("no object");
    }

    private static List<String> texts(Members in, String name) {
        List<String> all = new ArrayList<>();
        for (JsonValue each : in.items(name)) {
            if (!(each instanceof JsonValue.Text text)) {
                throw new IllegalArgumentException("no text");
            }
            all.add(text.value());
        }
        return all;
    }

    private static List<Instant> instants(Members in, String name) {
        return texts(in, name).stream().map(Instant::parse).toList();
    }

    private static Incident incident(Members in) {
        Members taken = in.find("acknowledged").map(StateDocument::members).orElse(null);
        var cause = new Cause(in.text("failure"), in.text("resource"));
        return new Incident(
                cause.id(),
                cause,
                Severity.valueOf(in.text("severity")),
                Incident.State.valueOf(in.text("state")),
                list(
                        in,
                        "members",
                        each -> new Member(each.text("job"), atOrNull(each, "protectedUntil"), truth(each, "mended"))),
                at(in, "since"),
                at(in, "lastSeen"),
                count(in, "reports"),
                description(in.members("description")),
                taken == null ? null : acknowledgement(taken),
                atOrNull(in, "mended"),
                instants(in, "changes"));
    }

    private static Description description(Members in) {
        return new Description(
                in.text("title"), in.text("host"), in.text("tried"), atOrNull(in, "next"), in.text("remedy"));
    }

    private static Acknowledgement acknowledgement(Members in) {
        return new Acknowledgement(in.text("by"), in.text("note"), at(in, "at"), at(in, "until"));
    }

    private static Course course(Members in) {
        return new Course(Severity.valueOf(in.text("said")), at(in, "saidAt"), atOrNull(in, "rung"), count(in, "step"));
    }

    private static Box.Content box(Members in) {
        return new Box.Content(
                list(
                        in,
                        "pending",
                        each -> new Pending(
                                each.text("incident"),
                                Kind.valueOf(each.text("kind")),
                                count(each, "refusals"),
                                atOrNull(each, "refusedAt"))),
                new TreeSet<>(texts(in, "told")),
                gathering(in.members("surplus")),
                gathering(in.members("digest")),
                truth(in, "digestDue"),
                instants(in, "sent"),
                count(in, "failures"),
                count(in, "refusals"),
                atOrNull(in, "failedAt"));
    }

    private static Gathering gathering(Members in) {
        return new Gathering(truth(in, "told"), Set.copyOf(texts(in, "named")));
    }
}
