package org.medbackup.audit;

import java.util.ArrayList;
import java.util.List;

/** What a verification has found so far, as much of it as somebody would read. For one thread. */
final class Findings {

    /** A folder full of damage must not fill the memory. */
    static final int MOST = 1000;

    private final List<Finding> list = new ArrayList<>();
    private long more;

    void add(Finding.Code code, long entry, String message) {
        if (list.size() < MOST) {
            list.add(new Finding(code, entry, message));
        } else {
            more++;
        }
    }

    /**
     * All of it. An entry that does not bear the key's tag was changed where a checkpoint covers it; behind the last
     * checkpoint it can as well have been put there.
     *
     * @param covered number of entries that the last good checkpoint covers
     */
    List<Finding> list(long covered) {
        var all = new ArrayList<Finding>();
        for (Finding each : list) {
            boolean changed = each.code() == Finding.Code.FORGED_ENTRY && each.entry() < covered;
            all.add(changed ? new Finding(Finding.Code.CHANGED_ENTRY, each.entry(), each.message()) : each);
        }
        if (more > 0) {
            all.add(new Finding(Finding.Code.MORE_FINDINGS, -1, more + " more findings are not listed"));
        }
        return all;
    }
}
