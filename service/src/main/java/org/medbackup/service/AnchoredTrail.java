package org.medbackup.service;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditVerification;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.error.ErrorCode;

/**
 * An audit trail, held against the checkpoints that were kept at the repository and the targets.
 *
 * @param verification of the trail, those checkpoints among what must fit
 * @param places where such were looked for
 */
public record AnchoredTrail(AuditVerification verification, List<Place> places) {

    public AnchoredTrail {
        places = List.copyOf(places);
    }

    /**
     * A place at which checkpoints are kept.
     *
     * @param name of the target; {@code repository} for that itself
     * @param heads that were kept there by this host
     * @param failed why it could not be asked; null where it was
     */
    public record Place(
            String name, List<TreeHead> heads, @Nullable ErrorCode failed) {

        public Place {
            heads = List.copyOf(heads);
        }

        /** How many entries the largest of them covers; -1 where there is none. */
        public long entries() {
            return heads.stream()
                    .map(TreeHead::size)
                    .max(Comparator.naturalOrder())
                    .orElse(-1L);
        }
    }
}
