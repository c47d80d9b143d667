/** A service that is frozen and thawed by commands, with InterSystems IRIS as a preset. */
module org.medbackup.app.command {
    requires org.medbackup.core;
    requires static org.jspecify;

    provides org.medbackup.core.spi.app.ApplicationProvider with
            org.medbackup.app.command.CommandProvider;
}
