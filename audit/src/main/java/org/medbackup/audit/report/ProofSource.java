package org.medbackup.audit.report;

import java.util.List;
import java.util.Map;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.InclusionProof;

/** Proves entries of a trail under the head of a report. */
@FunctionalInterface
public interface ProofSource {

    /** The proofs of some entries, by their number. */
    Map<Long, Proven> prove(List<Long> entries);

    /**
     * An entry without its text: who has the trail can show the text to it.
     *
     * @param leaf hash of its record
     * @param proof that the head holds it
     */
    record Proven(Hash leaf, InclusionProof proof) {}
}
