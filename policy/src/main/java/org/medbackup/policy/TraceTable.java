package org.medbackup.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decisions by small numbers: a site has some hundred different ones, whatever the number of its files, so that each file's
 * decision with its whole trace is kept in 4 bytes. Safe for use by several threads.
 */
public final class TraceTable {

    private final Map<Decision, Integer> ids = new HashMap<>();
    private final List<Decision> decisions = new ArrayList<>();

    /** One that knows none yet. */
    public TraceTable() {}

    /** The number of a decision, from 0 in the order in which they are first seen. */
    public synchronized int id(Decision decision) {
        return ids.computeIfAbsent(decision, first -> {
            decisions.add(first);
            return decisions.size() - 1;
        });
    }

    /**
     * The decision of a number.
     *
     * @throws IndexOutOfBoundsException where none has it
     */
    public synchronized Decision decision(int id) {
        return decisions.get(id);
    }

    /** How many different ones there are. */
    public synchronized int size() {
        return decisions.size();
    }
}
