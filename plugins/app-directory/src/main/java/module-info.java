/** A service that is known by its folders: snapshots, systemd units, frozen file systems. */
module org.medbackup.app.directory {
    requires org.medbackup.core;
    requires static org.jspecify;

    provides org.medbackup.core.spi.app.ApplicationProvider with
            org.medbackup.app.directory.DirectoryProvider;
}
