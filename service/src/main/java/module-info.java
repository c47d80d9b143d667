/**
 * The integrated product: the only place where the components meet. Every command of the launcher is one call of
 * {@link org.medbackup.service.MedBackup}.
 */
module org.medbackup.service {
    requires transitive org.medbackup.core;
    requires transitive org.medbackup.engine;
    requires transitive org.medbackup.anomaly;
    requires transitive org.medbackup.apps;
    requires transitive org.medbackup.audit;
    requires org.medbackup.documents;
    requires transitive org.medbackup.governor;
    requires transitive org.medbackup.recovery;
    requires transitive org.medbackup.resilience;
    requires transitive org.medbackup.scheduler;
    requires transitive org.medbackup.control;
    requires transitive org.medbackup.access;
    requires transitive org.medbackup.policy;
    requires org.medbackup.telemetry;
    requires org.medbackup.linux;
    requires static transitive org.jspecify;

    exports org.medbackup.service;
    exports org.medbackup.service.config;

    uses org.medbackup.core.spi.access.TokenVerifier;
    uses org.medbackup.core.spi.app.ApplicationProvider;
    uses org.medbackup.core.spi.app.ContentCheck;
    uses org.medbackup.core.spi.notify.ChannelProvider;
    uses org.medbackup.core.spi.stamp.TimestampProvider;
    uses org.medbackup.core.spi.store.StoreGateway;
    uses org.medbackup.core.spi.store.StoreProvider;
}
