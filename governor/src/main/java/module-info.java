/** The Resource Management Controller: what a backup uses stays inside what the administrator set. */
module org.medbackup.governor {
    requires transitive org.medbackup.core;
    requires java.net.http;
    requires java.sql;
    requires org.medbackup.linux;
    requires static transitive org.jspecify;

    exports org.medbackup.governor;
    exports org.medbackup.governor.observe;
    exports org.medbackup.governor.adapt;

    uses org.medbackup.core.spi.signal.SignalProvider;

    provides org.medbackup.core.spi.signal.SignalProvider with
            org.medbackup.governor.signal.DatabaseSignals,
            org.medbackup.governor.signal.MachineSignals,
            org.medbackup.governor.signal.NetworkSignals;
}
