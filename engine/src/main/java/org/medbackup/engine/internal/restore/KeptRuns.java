package org.medbackup.engine.internal.restore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.medbackup.engine.internal.tree.Extent;

/** Runs of a file that are at the target already. Added by several threads, looked at when all have been. */
final class KeptRuns {

    private record Run(long from, long to) {}

    /** Takes a range, from its beginning to behind its end. */
    interface Visitor {
        void visit(long from, long to);
    }

    /** Asks something of a range. */
    interface Question {
        boolean of(long from, long to);
    }

    private List<Run> runs = new ArrayList<>();
    private long bytes;

    synchronized void add(Extent extent) {
        bytes += extent.length();
        runs.add(new Run(extent.fileOffset(), extent.end()));
    }

    synchronized long bytes() {
        return bytes;
    }

    /** In order, neighbours joined. */
    private synchronized List<Run> joined() {
        runs.sort(Comparator.comparingLong(Run::from));
        var joined = new ArrayList<Run>();
        for (Run run : runs) {
            if (!joined.isEmpty() && joined.getLast().to() == run.from()) {
                joined.set(joined.size() - 1, new Run(joined.getLast().from(), run.to()));
            } else {
                joined.add(run);
            }
        }
        runs = joined;
        return List.copyOf(joined);
    }

    void each(Visitor visitor) {
        joined().forEach(run -> visitor.visit(run.from(), run.to()));
    }

    /** Whether a question is answered by yes for all that lies between them in a file of a length. */
    boolean isZeroBetween(long length, Question isZero) {
        long at = 0;
        for (Run run : joined()) {
            if (run.from() > at && !isZero.of(at, run.from())) {
                return false;
            }
            at = run.to();
        }
        return at >= length || isZero.of(at, length);
    }
}
