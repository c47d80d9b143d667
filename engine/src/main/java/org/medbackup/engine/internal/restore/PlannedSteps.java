package org.medbackup.engine.internal.restore;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.engine.RestoreSteps.Step;
import org.medbackup.engine.internal.tree.Node;

/** Collects the steps of a restore that is planned. Bounded: where they are too many, neighbours are put together. */
final class PlannedSteps implements Restorer.Planning {

    private static final int MOST = 4_096;

    private final int most;
    private List<Step> steps = new ArrayList<>();
    private int window;
    private int reads = 1;
    private long without;

    PlannedSteps() {
        this(MOST);
    }

    /**
     * Where it may keep others than usual.
     *
     * @param most steps
     */
    PlannedSteps(int most) {
        this.most = most;
    }

    @Override
    public void entry(Node node, boolean hasContent) {
        if (!hasContent || node.size() == 0) {
            without++;
        }
    }

    @Override
    public void window(List<Fetch> fetches) {
        if (without > 0) {
            add(new Step(window, 0, 0, 0, without));
            without = 0;
        }
        for (Fetch fetch : fetches) {
            long written = 0;
            double entries = 0;
            for (Fetch.Wanted chunk : fetch.chunks()) {
                for (Fetch.Use use : chunk.uses()) {
                    written += use.length();
                    entries += (double) use.length()
                            / Math.max(1, use.file().node().size());
                }
            }
            add(new Step(window, 1, fetch.length(), written, entries));
        }
        window++;
    }

    /** Together with the last one until they are as many reads as the others are by now. */
    private void add(Step step) {
        Step last = steps.isEmpty() ? step : steps.getLast();
        if (last.window() == step.window() && last.reads() > 0 && last.reads() < reads && !steps.isEmpty()) {
            steps.set(steps.size() - 1, last.and(step));
            return;
        }
        steps.add(step);
        if (steps.size() > most) {
            halve();
        }
    }

    private void halve() {
        List<Step> halved = new ArrayList<>();
        for (int at = 0; at < steps.size(); at += 2) {
            Step first = steps.get(at);
            halved.add(at + 1 < steps.size() ? first.and(steps.get(at + 1)) : first);
        }
        steps = halved;
        reads *= 2;
    }

    RestoreSteps with(long metadata, int workers) {
        return new RestoreSteps(steps, metadata, workers);
    }
}
