package org.medbackup.service;

/**
 * What it costs to bring packs back and to read them once, in the currency of the policy. At most: packs are read in part where
 * not all of them is needed.
 *
 * @param recall of what is still to be asked for
 * @param egress of what leaves the target
 * @param requests one that asks for each pack that lies cold, one that reads each
 */
public record RecallCost(double recall, double egress, double requests) {

    static final RecallCost NOTHING = new RecallCost(0, 0, 0);

    /** All of it. */
    public double total() {
        return recall + egress + requests;
    }

    RecallCost and(RecallCost other) {
        return new RecallCost(recall + other.recall, egress + other.egress, requests + other.requests);
    }
}
