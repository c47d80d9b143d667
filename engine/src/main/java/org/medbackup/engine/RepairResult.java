package org.medbackup.engine;

import java.util.List;

/**
 * What was brought back from another copy of a repository.
 *
 * @param repaired names of objects that were missing or damaged and are whole now
 * @param whole names of objects that were whole
 * @param left names of objects that the other copy has not, or has not whole, or that are of this repository alone
 */
public record RepairResult(List<String> repaired, List<String> whole, List<String> left) {

    public RepairResult {
        repaired = List.copyOf(repaired);
        whole = List.copyOf(whole);
        left = List.copyOf(left);
    }
}
