package org.medbackup.audit;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.InclusionProof;
import org.medbackup.audit.merkle.TreeHead;

/**
 * An entry of a trail with the proof that a head holds it; both can be taken away from the trail.
 *
 * @param record its exact text
 * @param proof of its place
 */
public record ProvenEntry(String record, InclusionProof proof) {

    /** Whether the head's trail has this record at this place. */
    public boolean isIn(TreeHead head) {
        return proof.size() == head.size()
                && proof.verifies(Hash.leaf(record.getBytes(StandardCharsets.UTF_8)), head.root());
    }

    /** The entry; empty where no version of this program has written it, or it names another place than its own. */
    public Optional<AuditEntry> entry() {
        return Optional.ofNullable(AuditEntry.parse(record.getBytes(StandardCharsets.UTF_8)))
                .filter(entry -> entry.index() == proof.index());
    }
}
