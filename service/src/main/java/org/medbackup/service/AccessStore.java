package org.medbackup.service;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.access.Approval;
import org.medbackup.access.ApprovalRequest;
import org.medbackup.core.HostSeal;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.JsonValue.Members;

/**
 * The rules of access that were activated on this host, what was requested and approved under them, and the emergencies: sealed
 * files of the state folder. Safe for use by several threads and processes.
 */
final class AccessStore {

    static final String PURPOSE = "medbackup access v1";

    private static final Pattern VERSION = Pattern.compile("version-[0-9]{10}");
    private static final Pattern APPROVAL = Pattern.compile("approval-[0-9a-f]{32}");
    private static final Pattern EMERGENCY = Pattern.compile("emergency-[0-9a-f]{16}");

    private final SealedFolder folder;

    AccessStore(Path state, HostSeal seal) {
        this.folder = new SealedFolder(state.resolve("access"), seal, ErrorCode.ACCESS_UNTRUSTED);
    }

    /** Versions of the rules that were activated, the oldest first: numbers. */
    List<Integer> versions() {
        return folder.names(VERSION.asMatchPredicate()).stream()
                .map(name -> Integer.parseInt(name.substring("version-".length())))
                .toList();
    }

    /** One version: the rules and their signatures. */
    Optional<SignedRules> version(int version) {
        return folder.read(name(version), read -> new SignedRules(version, read.text("text"), read.text("signatures")));
    }

    private static String name(int version) {
        return String.format(Locale.ROOT, "version-%010d", version);
    }

    /**
     * Puts one in force.
     *
     * @return false where one of this version is
     */
    boolean activate(SignedRules rules, Instant now) {
        return folder.create(
                name(rules.version()),
                Map.of("text", rules.text(), "signatures", rules.signatures(), "activated", now.toString()));
    }

    /** Keeps a request with its signatures. */
    void keep(Approval approval) {
        folder.replace(
                "approval-" + approval.request().id(),
                Map.of(
                        "request", approval.request().text(),
                        "signatures",
                                approval.signatures().stream()
                                        .map(each -> Map.of("key", each.key(), "signature", each.signature()))
                                        .toList()));
    }

    /** All that were requested, in the order of their ids. */
    List<Approval> approvals() {
        var all = new ArrayList<Approval>();
        for (String name : folder.names(APPROVAL.asMatchPredicate())) {
            folder.read(name, AccessStore::approval).ifPresent(all::add);
        }
        return List.copyOf(all);
    }

    private static Approval approval(Members read) {
        ApprovalRequest request = ApprovalRequest.parse(read.text("request"))
                .orElseThrow(() -> ErrorCode.ACCESS_UNTRUSTED.because("a request in the state folder is none"));
        var signatures = new ArrayList<Approval.Signature>();
        read.items("signatures").forEach(each -> {
            var one = (Members) each;
            signatures.add(new Approval.Signature(one.text("key"), one.text("signature")));
        });
        return new Approval(request, signatures);
    }

    /** Remembers that an approval was used; the repository remembers it too. */
    boolean used(String id, Instant now) {
        return folder.create("used-" + id, Map.of("time", now.toString()));
    }

    /** When an approval was used; empty where it was not. */
    Optional<Instant> usedAt(String id) {
        return folder.read("used-" + id, read -> Instant.parse(read.text("time")));
    }

    /**
     * That somebody did without the role what could not wait.
     *
     * @param id 16 hexadecimal digits
     * @param person name in the rules
     * @param action what was done
     * @param reason of the person
     * @param time when
     * @param reviewBy until when somebody else has to look at it
     * @param reviewer who has; null while nobody has
     * @param finding of the reviewer; null as before
     */
    record Emergency(
            String id,
            String person,
            String action,
            String reason,
            Instant time,
            Instant reviewBy,
            @Nullable String reviewer,
            @Nullable String finding) {

        /** Somebody has looked at it. */
        Emergency reviewed(String by, String what) {
            return new Emergency(id, person, action, reason, time, reviewBy, by, what);
        }
    }

    /** Keeps an emergency. */
    void keep(Emergency emergency) {
        var document = new LinkedHashMap<String, Object>();
        document.put("person", emergency.person());
        document.put("action", emergency.action());
        document.put("reason", emergency.reason());
        document.put("time", emergency.time().toString());
        document.put("reviewBy", emergency.reviewBy().toString());
        if (emergency.reviewer() != null && emergency.finding() != null) {
            document.put("reviewer", emergency.reviewer());
            document.put("finding", emergency.finding());
        }
        folder.replace("emergency-" + emergency.id(), document);
    }

    /** All emergencies, in the order of their ids. */
    List<Emergency> emergencies() {
        var all = new ArrayList<Emergency>();
        for (String name : folder.names(EMERGENCY.asMatchPredicate())) {
            String id = name.substring("emergency-".length());
            folder.read(
                            name,
                            read -> new Emergency(
                                    id,
                                    read.text("person"),
                                    read.text("action"),
                                    read.text("reason"),
                                    Instant.parse(read.text("time")),
                                    Instant.parse(read.text("reviewBy")),
                                    read.find("reviewer").isPresent() ? read.text("reviewer") : null,
                                    read.find("finding").isPresent() ? read.text("finding") : null))
                    .ifPresent(all::add);
        }
        return List.copyOf(all);
    }
}
