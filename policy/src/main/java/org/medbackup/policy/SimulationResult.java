package org.medbackup.policy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What would be different if another policy held.
 *
 * @param files how many were looked at
 * @param bytes of them
 * @param moves what changes, the most bytes first
 * @param quarantined files that no tier may take
 * @param lock what is locked for longer or shorter
 * @param cost null where a tier that is used has no prices in either policy
 * @param recall how long it takes until data is back
 * @param neverHit ids of the candidate's rules that decide nothing for any of the files
 * @param examples one file for each of the first moves, {@link Simulation#EXAMPLES} at most
 * @param weakened in what files are protected less, with how many they are
 */
public record SimulationResult(
        long files,
        long bytes,
        List<Move> moves,
        Change quarantined,
        Lock lock,
        @Nullable Cost cost,
        Recall recall,
        List<String> neverHit,
        List<Example> examples,
        SortedMap<Weakening.Kind, Long> weakened) {

    public SimulationResult {
        moves = List.copyOf(moves);
        neverHit = List.copyOf(neverHit);
        examples = List.copyOf(examples);
        weakened = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(Map.copyOf(weakened)));
    }

    /**
     * Files that share packs.
     *
     * @param tier name
     * @param retention name
     * @param keyDomain name
     * @param copies how many there are at least
     */
    public record PlacementClass(String tier, String retention, String keyDomain, int copies) {

        static PlacementClass of(Decision decision) {
            return new PlacementClass(decision.tier(), decision.retention(), decision.keyDomain(), decision.copies());
        }
    }

    /**
     * Files of one class that become files of another.
     *
     * @param from before
     * @param to after
     * @param files how many
     * @param bytes of them, of one copy
     */
    public record Move(PlacementClass from, PlacementClass to, long files, long bytes) {

        /** Whether they lie elsewhere afterwards. */
        public boolean changesTier() {
            return !from.tier().equals(to.tier());
        }
    }

    /**
     * A count before and after.
     *
     * @param before under the policy in force
     * @param after under the candidate
     */
    public record Change(long before, long after) {}

    /**
     * What is locked.
     *
     * @param longer files that are locked for longer
     * @param shorter files that are locked for a shorter time
     * @param gigabyteMonths months of lock that come on top, times gigabytes (10^9 bytes) of all copies; negative where less is
     *     locked
     */
    public record Lock(long longer, long shorter, double gigabyteMonths) {}

    /**
     * Money.
     *
     * @param before a month under the policy in force
     * @param after a month under the candidate
     * @param moving once, for getting out what changes its tier and bringing it in
     * @param earlyAtMost once, where all that changes its tier were younger than the tier's minimum
     */
    public record Cost(double before, double after, double moving, double earlyAtMost) {}

    /**
     * Time until data is back.
     *
     * @param before of the slowest tier that is used under the policy in force
     * @param after of the slowest tier that is used under the candidate
     * @param slower files whose tier gives back later than the one before
     * @param faster files whose tier gives back sooner
     * @param beyondRto files whose tier gives back later than the candidate allows
     */
    public record Recall(Duration before, Duration after, long slower, long faster, long beyondRto) {}

    /**
     * A file that changes.
     *
     * @param path of the file, for the caller's eyes only
     * @param from before
     * @param to after
     */
    public record Example(String path, PlacementClass from, PlacementClass to) {}
}
