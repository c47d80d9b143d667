package org.medbackup.audit.report;

import java.util.List;

/**
 * What a check of a report found.
 *
 * @param report id of it; empty where the document cannot be read
 * @param proofs how many proofs of entries are good
 * @param findings what is wrong
 */
public record ReportVerification(String report, long proofs, List<Finding> findings) {

    public ReportVerification {
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
        /** A form of it for people is not the one that was signed. */
        CHANGED_PAGE,
        /** A form of it for people is not there. */
        MISSING_PAGE,
        /** There is no signature beside it. */
        MISSING_SIGNATURE,
        /** The signature is not of the given key, or of something else. */
        BAD_SIGNATURE,
        /** The signed head of the trail is not there, is not of the given key, or is another than the document names. */
        BAD_CHECKPOINT,
        /** An entry is not in the trail under that head. */
        BAD_PROOF,
        /** Something is said to be met that nothing shows. */
        UNPROVEN_CLAIM
    }
}
