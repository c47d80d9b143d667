package org.medbackup.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.access.AccessRules;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.access.AccessRecords;
import org.medbackup.documents.DocumentException;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.sign.Signatures;

/**
 * One version of the rules of access with its signatures, as texts. What is believed is a chain of them: each signed by as many
 * approvers as the one before demands.
 *
 * @param version number
 * @param text of the rules
 * @param signatures as they lay beside it
 */
record SignedRules(int version, String text, String signatures) {

    /** As it lies in a repository. */
    String record() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("text", text);
        root.put("signatures", signatures);
        return Json.canonical(JsonValue.of(root));
    }

    private static SignedRules of(AccessRecords.Rules record) {
        try {
            Members root = Json.parseMembers(record.text());
            return new SignedRules(record.version(), root.text("text"), root.text("signatures"));
        } catch (JsonException | DocumentException other) {
            throw ErrorCode.ACCESS_UNTRUSTED.because("what lies in the repository are no rules", other);
        }
    }

    /** The rules that records of a repository put in force. */
    static Optional<Believed> newest(List<AccessRecords.Rules> records) {
        return chained(records.stream().map(SignedRules::of).toList());
    }

    /**
     * Rules that are believed.
     *
     * @param rules the newest
     * @param chain all versions up to them
     */
    record Believed(AccessRules rules, List<SignedRules> chain) {}

    /**
     * The newest of a chain; empty where there is none.
     *
     * @param chain from version 1
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#ACCESS_UNTRUSTED} where one is missing, changed or
     *     not signed by enough of those before
     */
    static Optional<Believed> chained(List<SignedRules> chain) {
        AccessRules last = null;
        for (SignedRules each : chain) {
            last = each.after(last);
        }
        return Optional.ofNullable(last).map(rules -> new Believed(rules, List.copyOf(chain)));
    }

    private AccessRules after(@Nullable AccessRules before) {
        try {
            AccessRules rules = AccessRules.parse(text);
            rules.requireSignedAfter(before, parsed(signatures));
            return rules;
        } catch (BackupException wrong) {
            throw ErrorCode.ACCESS_UNTRUSTED.because(
                    "version " + version + " of them does not follow from the one before: " + wrong.code(), wrong);
        }
    }

    /** Signatures of rules, as they were written. */
    static Signatures parsed(String text) {
        try {
            return Signatures.parse(AccessRules.DOMAIN, text);
        } catch (IllegalArgumentException malformed) {
            throw ErrorCode.ACCESS_UNTRUSTED.because("the file of their signatures is malformed", malformed);
        }
    }
}
