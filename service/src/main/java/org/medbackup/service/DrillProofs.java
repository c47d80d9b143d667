package org.medbackup.service;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.AuditProof;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.ProvenEntry;
import org.medbackup.audit.TrailKey;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.InclusionProof;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** The entries of the audit trail that prove a drill, and their form in its document. */
final class DrillProofs {

    static final String PREDICTION = "predict-plan";
    static final String DRILL = "drill";

    /** So many entries are looked through at first, from the end. */
    private static final long FIRST = 1024;

    private DrillProofs() {}

    /**
     * As a member of a document.
     *
     * @param drill id of it
     * @param seed of its prediction
     * @return empty where the trail does not have its entries
     */
    static Map<String, Object> of(AuditTrail audit, String drill, long seed) {
        List<Long> indices = find(audit, drill, seed);
        return indices.isEmpty() ? Map.of() : members(audit.key(), audit.prove(indices));
    }

    static Map<String, Object> members(TrailKey key, AuditProof proof) {
        var members = new LinkedHashMap<String, Object>();
        members.put("key", key.toString());
        members.put("checkpoint", proof.checkpoint());
        members.put("entries", proof.entries().stream().map(DrillProofs::member).toList());
        return members;
    }

    private static Map<String, Object> member(ProvenEntry entry) {
        var members = new LinkedHashMap<String, Object>();
        members.put("index", entry.proof().index());
        members.put("size", entry.proof().size());
        members.put("record", entry.record());
        members.put("path", entry.proof().path().stream().map(Hash::toString).toList());
        return members;
    }

    /**
     * The proofs of a document.
     *
     * @throws JsonException where they do not have their form
     * @throws IllegalArgumentException likewise
     */
    static List<ProvenEntry> read(Members audit) {
        List<ProvenEntry> entries = new ArrayList<>();
        for (JsonValue each : audit.items("entries")) {
            if (!(each instanceof Members entry)) {
                throw new IllegalArgumentException("an entry is no object");
            }
            List<Hash> path = new ArrayList<>();
            for (JsonValue hash : entry.items("path")) {
                path.add(Hash.parse(hash instanceof JsonValue.Text text ? text.value() : ""));
            }
            entries.add(new ProvenEntry(
                    entry.text("record"), new InclusionProof(entry.whole("index"), entry.whole("size"), path)));
        }
        return entries;
    }

    /** The prediction's beginning and end, the drill's beginning and end; looked for from the end of the trail on. */
    private static List<Long> find(AuditTrail audit, String drill, long seed) {
        long size = audit.head().size();
        for (long window = FIRST; ; window *= 8) {
            long from = Math.max(0, size - window);
            List<AuditEntry> entries = audit.entries(from)
                    .filter(each -> PREDICTION.equals(each.action()) || DRILL.equals(each.action()))
                    .toList();
            List<Long> found = find(entries, drill, seed);
            if (!found.isEmpty() || from == 0) {
                return found;
            }
        }
    }

    private static List<Long> find(List<AuditEntry> entries, String drill, long seed) {
        Optional<AuditEntry> ended = last(
                entries,
                each -> is(each, DRILL, "ended") && drill.equals(each.facts().get("drill")));
        Optional<AuditEntry> started = ended.flatMap(end -> last(
                entries, each -> is(each, DRILL, "started") && each.operation().equals(end.operation())));
        Optional<AuditEntry> predicted = started.flatMap(start -> last(
                entries,
                each -> is(each, PREDICTION, "ended")
                        && each.index() < start.index()
                        && String.valueOf(seed).equals(each.facts().get("seed"))));
        Optional<AuditEntry> asked = predicted.flatMap(answer -> last(
                entries,
                each -> is(each, PREDICTION, "started") && each.operation().equals(answer.operation())));
        return asked.isEmpty()
                ? List.of()
                : List.of(asked, predicted, started, ended).stream()
                        .map(each -> each.orElseThrow().index())
                        .toList();
    }

    static boolean is(AuditEntry entry, String action, String event) {
        return action.equals(entry.action()) && event.equals(entry.event());
    }

    private static Optional<AuditEntry> last(List<AuditEntry> entries, Predicate<AuditEntry> which) {
        return entries.stream().filter(which).reduce((_, later) -> later);
    }
}
