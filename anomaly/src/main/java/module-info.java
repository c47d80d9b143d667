/** Signs of ransomware in what backups measured, and in what was restored. */
module org.medbackup.anomaly {
    requires transitive org.medbackup.core;
    requires static transitive org.jspecify;

    exports org.medbackup.anomaly;

    provides org.medbackup.core.spi.app.ContentCheck with
            org.medbackup.anomaly.RestoredContent;
}
