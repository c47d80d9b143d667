package org.medbackup.app.postgresql.patroni;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The answer to {@code GET /cluster}. */
record Members(List<Member> all) {

    private static final JsonFactory FACTORY = new JsonFactory();

    Members {
        all = List.copyOf(all);
    }

    /**
     * Reads the document.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_FAILED} where it is another one
     */
    static Members parse(byte[] body) {
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            in.nextToken();
            if (value(in) instanceof Map<?, ?> document && document.get("members") instanceof List<?> members) {
                List<Member> all = new ArrayList<>();
                for (Object each : members) {
                    if (each instanceof Map<?, ?> member) {
                        all.add(member(member));
                    }
                }
                return new Members(all);
            }
        } catch (JacksonException malformed) {
            throw ErrorCode.APPLICATION_FAILED.because("Patroni answers with something that is no JSON");
        }
        throw ErrorCode.APPLICATION_FAILED.because("Patroni names no members");
    }

    private static Member member(Map<?, ?> member) {
        boolean balanced = !(member.get("tags") instanceof Map<?, ?> tags)
                || !"true".equals(String.valueOf(tags.get("noloadbalance")));
        return new Member(
                text(member, "name"),
                text(member, "role"),
                text(member, "state"),
                text(member, "host"),
                (int) number(member, "port", 5432),
                (int) number(member, "timeline", 0),
                number(member, "lag", -1),
                balanced);
    }

    private static String text(Map<?, ?> member, String name) {
        Object value = member.get(name);
        return value == null ? "" : value.toString();
    }

    /** A lag that is not known is told as a word. */
    private static long number(Map<?, ?> member, String name, long otherwise) {
        String text = text(member, name);
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : otherwise;
    }

    private static @Nullable Object value(JsonParser in) {
        return switch (in.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> members = new HashMap<>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String name = in.currentName();
                    in.nextToken();
                    members.put(name, value(in));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(in));
                }
                yield elements;
            }
            case VALUE_NULL -> null;
            case null -> null;
            default -> in.getString();
        };
    }

    @Nullable
    Member leader() {
        return all.stream().filter(Member::isLeader).findFirst().orElse(null);
    }

    /** The one that is least behind and not too far; null where there is none. */
    @Nullable
    Member follower(long furthest) {
        Member leader = leader();
        int timeline = leader == null ? 0 : leader.timeline();
        return all.stream()
                .filter(each -> each.follows(timeline, furthest))
                .min(Comparator.comparingLong(Member::lag).thenComparing(Member::name))
                .orElse(null);
    }
}
