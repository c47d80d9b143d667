package org.medbackup.engine;

import java.util.List;
import java.util.stream.Stream;

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

    /** What this and another one came to together. */
    public ForgetResult and(ForgetResult other) {
        return new ForgetResult(both(kept, other.kept), both(removed, other.removed), both(refused, other.refused));
    }

    private static <T> List<T> both(List<T> one, List<T> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    /**
     * A restore point that is not given up.
     *
     * @param id of it
     * @param reason why
     * @param quarantined whether it is from the future, so that it decides nothing
     */
    public record Refused(String id, String reason, boolean quarantined) {

        /** One that a rule or a lock keeps. */
        public Refused(String id, String reason) {
            this(id, reason, false);
        }
    }
}
