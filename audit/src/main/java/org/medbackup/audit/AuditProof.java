package org.medbackup.audit;

import java.util.List;

/**
 * Entries of a trail with what proves them to somebody who has its public key alone.
 *
 * @param checkpoint the signed head that all proofs lead to
 * @param entries in the order asked for
 */
public record AuditProof(String checkpoint, List<ProvenEntry> entries) {

    public AuditProof {
        entries = List.copyOf(entries);
    }
}
