/**
 * MariaDB 10.5 and newer: online backups by the server's own tool or by its backup stages around a snapshot, and the start of
 * what was restored.
 */
module org.medbackup.app.mariadb {
    requires java.sql;
    requires org.mariadb.jdbc;
    requires org.medbackup.core;
    requires static org.jspecify;

    provides org.medbackup.core.spi.app.ApplicationProvider with
            org.medbackup.app.mariadb.MariadbProvider;
}
