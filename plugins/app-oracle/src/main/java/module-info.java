/** Oracle Database 12.2 and later: RMAN, snapshots in backup mode and without it, and restores into a sandbox instance. */
module org.medbackup.app.oracle {
    // For the driver, which its user drops in and which cannot say here what it needs of the JDK.
    requires java.logging;
    requires java.management;
    requires java.naming;
    requires java.net.http;
    requires java.security.jgss;
    requires java.sql;
    requires java.xml;
    requires org.medbackup.core;
    requires static org.jspecify;

    provides org.medbackup.core.spi.app.ApplicationProvider with
            org.medbackup.app.oracle.OracleProvider;
}
