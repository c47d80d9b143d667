package org.medbackup.recovery.evidence;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.DocumentException;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;

/**
 * What is to be mended after a drill.
 *
 * @param action what is done
 * @param owner who does it
 * @param due by when
 */
public record CorrectiveAction(String action, String owner, LocalDate due) {

    private static final Set<String> NAMES = Set.of("action", "owner", "due");

    /**
     * Reads a list of actions, such as {@code - {action: second link, owner: network team, due: 2026-12-01}}.
     *
     * @param text YAML
     * @throws org.medbackup.core.error.UsageException where it is none
     */
    public static List<CorrectiveAction> parse(String text) {
        try {
            Yaml yaml = Yaml.parse(text);
            if (!(yaml.value() instanceof JsonValue.Items items)) {
                throw ErrorCode.USAGE.because("corrective actions are a list of {action, owner, due}");
            }
            List<CorrectiveAction> actions = new ArrayList<>();
            for (JsonValue each : items.values()) {
                actions.add(of(each, yaml.at("/" + actions.size()).line()));
            }
            return actions;
        } catch (DocumentException malformed) {
            throw ErrorCode.USAGE.because(
                    "line " + malformed.position().line() + " of the corrective actions is no YAML", malformed);
        }
    }

    private static CorrectiveAction of(JsonValue value, int line) {
        try {
            if (value instanceof Members members
                    && NAMES.equals(members.values().keySet())) {
                return new CorrectiveAction(
                        members.text("action"), members.text("owner"), LocalDate.parse(members.text("due")));
            }
        } catch (JsonException | DateTimeException other) {
            throw wrong(line);
        }
        throw wrong(line);
    }

    private static RuntimeException wrong(int line) {
        return ErrorCode.USAGE.because(
                "the corrective action in line " + line + " has to have action, owner, and due as YYYY-MM-DD");
    }

    /** As an item of a drill's document. */
    public JsonValue member() {
        var members = new LinkedHashMap<String, Object>();
        members.put("action", action);
        members.put("owner", owner);
        members.put("due", due.toString());
        return JsonValue.of(members);
    }
}
