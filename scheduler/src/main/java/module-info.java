/** When each job runs and who runs it: calendars, recovery point objectives, leases in one database. */
module org.medbackup.scheduler {
    requires transitive org.medbackup.core;
    requires java.sql;
    // For the driver of PostgreSQL, which says itself what it needs to nobody.
    requires java.naming;
    requires org.postgresql.jdbc;
    requires org.xerial.sqlitejdbc;
    // Annotations in the driver's classes, for the compiler alone.
    requires static org.checkerframework.checker.qual;
    requires static transitive org.jspecify;

    exports org.medbackup.scheduler;
    exports org.medbackup.scheduler.state;
}
