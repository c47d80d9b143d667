package org.medbackup.governor;

/** For what a job uses resources. Classes that wait for one limit divide it by their weights. */
public enum WorkClass {

    /** What holds an application still, for who uses the library. */
    CRITICAL(2000),
    /** Restores; exempt from the host's limits, unless told otherwise. */
    RESTORE(1000),
    /** Logs of databases. */
    LOG(400),
    /** Incremental backups. */
    INCREMENTAL(100),
    /** First backups, which have nothing to build on. */
    FULL(50),
    /** Verification, second copies, drills and garbage collection. */
    MAINTENANCE(10);

    private final double weight;

    WorkClass(double weight) {
        this.weight = weight;
    }

    /** Its part, beside the weights of the others that wait. */
    public double weight() {
        return weight;
    }
}
