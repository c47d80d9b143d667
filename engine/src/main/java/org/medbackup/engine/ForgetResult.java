package org.medbackup.engine;

import java.util.List;

/**
 * What forgetting came to, or would come to.
 *
 * @param kept ids of restore points that a rule keeps
 * @param removed ids of those that are given up
 * @param refused those that no rule keeps and that are kept all the same
 */
public record ForgetResult(List<String> kept, List<String> removed, List<Refused> refused) {

    public ForgetResult {
        kept = List.copyOf(kept);
        removed = List.copyOf(removed);
        refused = List.copyOf(refused);
    }

    /**
     * A restore point that is not given up.
     *
     * @param id of it
     * @param reason why
     */
    public record Refused(String id, String reason) {}
}
