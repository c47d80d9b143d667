/**
 * PostgreSQL 13 to 18: online backups of a primary or standby without freezing it, and the start of what was restored.
 */
module org.medbackup.app.postgresql {
    // For the driver, which says itself what it needs to nobody: it compares the names in certificates with it.
    requires java.naming;
    requires java.net.http;
    requires java.sql;
    requires org.medbackup.core;
    requires org.medbackup.postgres;
    requires org.postgresql.jdbc;
    requires tools.jackson.core;
    // Annotations in the driver's classes, for the compiler alone.
    requires static org.checkerframework.checker.qual;
    requires static org.jspecify;

    provides org.medbackup.core.spi.app.ApplicationProvider with
            org.medbackup.app.postgresql.PostgresProvider;
}
