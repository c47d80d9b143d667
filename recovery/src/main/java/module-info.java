/** The Recovery Simulation Environment: how long a restore will take, and whether it succeeds. */
module org.medbackup.recovery {
    requires transitive org.medbackup.core;
    requires transitive org.medbackup.documents;
    requires transitive org.medbackup.engine;
    requires org.medbackup.linux;
    requires static transitive org.jspecify;

    exports org.medbackup.recovery;
    exports org.medbackup.recovery.evidence;
    exports org.medbackup.recovery.learn;
    exports org.medbackup.recovery.plan;
    exports org.medbackup.recovery.rotation;
    exports org.medbackup.recovery.simulate;
}
