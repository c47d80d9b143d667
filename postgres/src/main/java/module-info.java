/**
 * PostgreSQL's own programs: finds installations, creates clusters and runs servers on this machine, for restored data
 * directories, the demo and tests. Knows no JDBC driver.
 */
module org.medbackup.postgres {
    requires transitive org.medbackup.core;
    requires static transitive org.jspecify;
    requires org.tukaani.xz;

    exports org.medbackup.postgres;
}
