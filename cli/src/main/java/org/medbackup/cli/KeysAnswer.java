package org.medbackup.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.medbackup.documents.JsonValue;
import org.medbackup.engine.KeyInfo;
import org.medbackup.service.KeyOperations;

/** What the commands about keys answer. */
final class KeysAnswer {

    private KeysAnswer() {}

    /** The keys as members; files where some were written. */
    static Answer of(KeyOperations.Keys done) {
        var answer = new Answer()
                .field("keys", done.keys().stream().map(KeysAnswer::members).toList());
        if (!done.files().isEmpty()) {
            answer.field("files", done.files().stream().map(Path::toString).toList());
        }
        return answer;
    }

    /** A line for each key. */
    static Answer listing(KeyOperations.Keys done) {
        Answer answer = of(done);
        answer.line(String.format(
                Locale.ROOT, "%-24s  %-10s  %-10s  %-19s  %s", "id", "role", "state", "algorithm", "name"));
        done.keys()
                .forEach(key -> answer.line(String.format(
                                Locale.ROOT,
                                "%-24s  %-10s  %-10s  %-19s  %s",
                                key.id(),
                                key.role(),
                                word(key.state()),
                                key.algorithm(),
                                key.name())
                        .stripTrailing()));
        return answer;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> members(KeyInfo key) {
        var members = new LinkedHashMap<String, Object>();
        members.put("id", key.id());
        members.put("kind", word(key.kind()));
        members.put("role", key.role());
        members.put("name", key.name());
        members.put("algorithm", key.algorithm());
        var created = key.created();
        members.put("created", created == null ? new JsonValue.Null() : created.toString());
        members.put("state", word(key.state()));
        return members;
    }
}
