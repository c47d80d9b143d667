/** The Error Handling Orchestrator: backups that finish by themselves, and people who are told where they are needed. */
module org.medbackup.resilience {
    requires transitive org.medbackup.core;
    requires org.medbackup.documents;
    requires static transitive org.jspecify;

    exports org.medbackup.resilience;
    exports org.medbackup.resilience.escalation;
}
