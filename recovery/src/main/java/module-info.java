/** The Recovery Simulation Environment: how long a restore will take, and whether it succeeds. */
module org.medbackup.recovery {
    requires transitive org.medbackup.core;
    requires transitive org.medbackup.engine;
    requires static transitive org.jspecify;

    exports org.medbackup.recovery;
}
