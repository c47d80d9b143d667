/** SQL Server 2019 to 2025: Transact-SQL snapshot backups, streaming backups, and restores into a sandbox server. */
module org.medbackup.app.sqlserver {
    // For the driver, which has no descriptor and cannot say what it needs of the JDK.
    requires java.logging;
    requires java.management;
    requires java.naming;
    requires java.security.jgss;
    requires java.sql;
    requires java.xml;
    requires org.medbackup.core;
    requires com.microsoft.sqlserver.jdbc;
    requires static org.jspecify;

    provides org.medbackup.core.spi.app.ApplicationProvider with
            org.medbackup.app.sqlserver.SqlServerProvider;
}
