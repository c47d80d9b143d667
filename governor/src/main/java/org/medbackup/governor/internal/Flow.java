package org.medbackup.governor.internal;

/**
 * One of those among whom a resource is divided: a class of work, or a job of a class. While it waits it gets its weight
 * of what there is (start-time fair queueing: Goyal, Vin, Cheng, SIGCOMM 1996). Not safe for use by several threads but for its weight.
 */
public final class Flow {

    private volatile double weight;
    /** Where those stand who divide this flow's part among themselves. */
    private double time;

    private double finish;

    /** One with so much weight beside the others. */
    public Flow(double weight) {
        weigh(weight);
    }

    /** Another weight, for what it gets from now on. From any thread. */
    public void weigh(double other) {
        if (!(other > 0)) {
            throw new IllegalArgumentException("a weight of nothing");
        }
        weight = other;
    }

    double weight() {
        return weight;
    }

    /** Where it stands among those of a whole: who stands lowest comes next. One that used nothing stands where they do. */
    double start(Flow whole) {
        return Math.max(whole.time, finish);
    }

    /** Counts what it got. */
    void serve(Flow whole, long amount) {
        double start = start(whole);
        finish = start + amount / weight;
        whole.time = start;
    }
}
