package org.medbackup.audit;

import java.util.List;

/**
 * What a verification found.
 *
 * @param entries number of entries
 * @param checkpoints number of checkpoints with a good signature
 * @param valid whether nothing is wrong
 * @param findings what is wrong
 */
public record AuditVerification(long entries, long checkpoints, boolean valid, List<Finding> findings) {

    public AuditVerification {
        findings = List.copyOf(findings);
        if (valid != findings.isEmpty()) {
            throw new IllegalArgumentException("a trail is valid where nothing is wrong");
        }
    }
}
