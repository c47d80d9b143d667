package org.medbackup.service;

import java.util.List;

/**
 * What a check of a drill's evidence found.
 *
 * @param drill id of it; empty where the document cannot be read
 * @param entries number of proven entries of the audit trail
 * @param findings what is wrong
 */
public record DrillVerification(String drill, int entries, List<Finding> findings) {

    public DrillVerification {
        findings = List.copyOf(findings);
    }

    /** Whether nothing is wrong. */
    public boolean valid() {
        return findings.isEmpty();
    }

    /**
     * One thing that is wrong.
     *
     * @param code which kind of thing; its name is stable
     * @param message in words
     */
    public record Finding(Code code, String message) {}

    /** The kinds of things that can be wrong. */
    public enum Code {
        /** The JSON document is not the one that was signed. */
        CHANGED_DOCUMENT,
        /** A page beside it is not the one that was signed. */
        CHANGED_PAGE,
        /** There is no signature beside it. */
        MISSING_SIGNATURE,
        /** The signature is not of the given key, or of something else. */
        BAD_SIGNATURE,
        /** The document holds no proofs of the audit trail. */
        NO_PROOFS,
        /** The checkpoint is not signed with the given key. */
        BAD_CHECKPOINT,
        /** An entry is not in the trail that the checkpoint states. */
        BAD_PROOF,
        /** It is not shown that the prediction was written before the drill began. */
        NOT_PREDICTED_BEFORE,
        /** The document says something else than the entries of the audit trail. */
        CONTRADICTION
    }
}
