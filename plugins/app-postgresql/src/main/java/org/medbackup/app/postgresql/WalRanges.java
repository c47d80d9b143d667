package org.medbackup.app.postgresql;

import java.util.ArrayList;
import java.util.List;

/**
 * The way of the log from one position to a later one, timeline by timeline.
 *
 * @param ranges in their order; none where the one position is not on the way to the other
 */
record WalRanges(List<Range> ranges) {

    WalRanges {
        ranges = List.copyOf(ranges);
    }

    /** A part of the log on one timeline. */
    record Range(int timeline, Lsn from, Lsn to) {}

    /**
     * The way from an earlier backup to now.
     *
     * <p>The earlier backup must have ended before its timeline was left: what it copied after that is of a branch that
     * the cluster gave up, and no log on the way here tells of it.
     *
     * @param timeline of the earlier backup
     * @param started where it began
     * @param stopped where it ended
     * @param history text of the history of the timeline now, empty for the first one
     */
    static WalRanges between(int timeline, Lsn started, Lsn stopped, int now, Lsn end, String history) {
        List<Range> ranges = new ArrayList<>();
        Lsn from = started;
        boolean found = false;
        for (String line : history.lines().map(String::strip).toList()) {
            String[] words = line.split("\\s+", 3);
            if (line.isEmpty() || line.startsWith("#") || words.length < 2) {
                continue;
            }
            int ancestor = Integer.parseUnsignedInt(words[0]);
            Lsn left = Lsn.parse(words[1]);
            if (ancestor == timeline && left.value() >= stopped.value()) {
                found = true;
            }
            if (found) {
                ranges.add(new Range(ancestor, from, left));
                from = left;
            }
        }
        if (!found && timeline != now || from.value() > end.value() || !found && stopped.value() > end.value()) {
            return new WalRanges(List.of());
        }
        ranges.add(new Range(now, from, end));
        return new WalRanges(ranges);
    }
}
