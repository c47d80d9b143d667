package org.medbackup.access;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.spi.access.ProtectedAct;
import org.medbackup.documents.DocumentException;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/**
 * That somebody wishes to do one protected act, once. Approvals are signatures over exactly this text. Immutable.
 *
 * @param id 32 hexadecimal digits
 * @param operation word of the act's kind
 * @param repository id of it; empty where it is done to the host
 * @param parameters of the act
 * @param requester name in the rules
 * @param reason without patient data
 * @param created when
 * @param notBefore it does not happen before
 * @param expires it does not happen from then on
 * @param rules digest of the rules in force: others may demand more
 */
public record ApprovalRequest(
        String id,
        String operation,
        String repository,
        SortedMap<String, String> parameters,
        String requester,
        String reason,
        Instant created,
        Instant notBefore,
        Instant expires,
        String rules) {

    /** Nothing else that anybody signs begins so. */
    private static final String DOMAIN = "mb/approval/v1\n";

    public ApprovalRequest {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    /**
     * Somebody requests.
     *
     * @param id 32 hexadecimal digits, random
     */
    public static ApprovalRequest of(
            String id, ProtectedAct act, Person requester, String reason, Instant now, AccessRules rules) {
        return new ApprovalRequest(
                id,
                act.kind().word(),
                act.repository(),
                act.parameters(),
                requester.name(),
                reason,
                now,
                now.plus(rules.approvals().coolOff()),
                now.plus(rules.approvals().expires()),
                rules.digest());
    }

    /** Whether it is about exactly this. */
    public boolean isOf(ProtectedAct act) {
        return operation.equals(act.kind().word())
                && repository.equals(act.repository())
                && parameters.equals(act.parameters());
    }

    /** Canonical JSON (RFC 8785): what is requested, to the letter. */
    public String text() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("id", id);
        root.put("operation", operation);
        root.put("repository", repository);
        root.put("parameters", parameters);
        root.put("requester", requester);
        root.put("reason", reason);
        root.put("created", created.toString());
        root.put("notBefore", notBefore.toString());
        root.put("expires", expires.toString());
        root.put("rules", rules);
        return Json.canonical(JsonValue.of(root));
    }

    /** What is signed. */
    String message() {
        return DOMAIN + text() + "\n";
    }

    /** Reads a text; empty for what is none. */
    public static Optional<ApprovalRequest> parse(String text) {
        try {
            Members root = Json.parseMembers(text);
            Members given = root.members("parameters");
            var parameters = new TreeMap<String, String>();
            given.values().keySet().forEach(name -> parameters.put(name, given.text(name)));
            return Optional.of(new ApprovalRequest(
                    root.text("id"),
                    root.text("operation"),
                    root.text("repository"),
                    parameters,
                    root.text("requester"),
                    root.text("reason"),
                    Instant.parse(root.text("created")),
                    Instant.parse(root.text("notBefore")),
                    Instant.parse(root.text("expires")),
                    root.text("rules")));
        } catch (JsonException | DocumentException | java.time.DateTimeException malformed) {
            return Optional.empty();
        }
    }
}
