package org.medbackup.service;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.scheduler.state.CataloguedPoint.Proof;
import org.medbackup.service.config.TargetPlace;

/**
 * How one restore point stands to the rule 3-2-1-1-0: three copies with the original, on two kinds of media, one of them at
 * another site, one that nobody can delete, and none that was not read since and found without an error.
 *
 * @param job that made it
 * @param snapshot its id
 * @param point the moment that it holds
 * @param places where it lies
 */
public record CopyRule(String job, String snapshot, Instant point, List<Place> places) {

    private static final int COPIES = 3;
    private static final int MEDIA = 2;
    /** What is backed up lies on disks. */
    private static final String ORIGINAL = "disk";

    public CopyRule {
        places = List.copyOf(places);
    }

    /**
     * One copy.
     *
     * @param target name; the repository itself is the empty name
     * @param where what the configuration says of it
     * @param locked until when nobody can delete anything of it; empty where somebody can, or nobody could tell
     * @param proof its last verification there; null where there was none
     */
    public record Place(
            String target,
            TargetPlace where,
            Optional<Instant> locked,
            @Nullable Proof proof) {

        /** Whether all its bytes were read there and found to be right. */
        public boolean isVerified() {
            return proof != null
                    && proof.whole()
                    && VerifyLevel.valueOf(proof.level()).includes(VerifyLevel.CIPHERTEXT);
        }
    }

    /** A part of the rule. */
    public enum Part {
        /** Three copies, the original being one. */
        COPIES,
        /** Two kinds of media. */
        MEDIA,
        /** One at another site. */
        OFF_SITE,
        /** One that nobody can delete. */
        IMMUTABLE,
        /** No errors: each was read as a whole by its last verification and found right. */
        VERIFIED
    }

    /** Copies with the original. */
    public int copies() {
        return places.size() + 1;
    }

    /** What it does not meet; none where it meets the rule. */
    public List<Part> missing() {
        List<Part> missing = new ArrayList<>();
        Set<String> media = new HashSet<>(Set.of(ORIGINAL));
        places.forEach(each -> media.add(each.where().media()));
        require(missing, Part.COPIES, copies() >= COPIES);
        require(missing, Part.MEDIA, media.size() >= MEDIA);
        require(
                missing,
                Part.OFF_SITE,
                places.stream().anyMatch(each -> each.where().isOffSite()));
        require(
                missing,
                Part.IMMUTABLE,
                places.stream().anyMatch(each -> each.locked().isPresent()));
        require(missing, Part.VERIFIED, !places.isEmpty() && places.stream().allMatch(Place::isVerified));
        return List.copyOf(missing);
    }

    private static void require(List<Part> missing, Part part, boolean met) {
        if (!met) {
            missing.add(part);
        }
    }

    /** Whether it meets the rule. */
    public boolean isMet() {
        return missing().isEmpty();
    }
}
