/**
 * The shared vocabulary: ports, names, time, secrets, events and the catalogue of errors. Depends on the JDK only; every
 * other module depends on it.
 */
module org.medbackup.core {
    requires static transitive org.jspecify;

    exports org.medbackup.core;
    exports org.medbackup.core.calendar;
    exports org.medbackup.core.content;
    exports org.medbackup.core.error;
    exports org.medbackup.core.event;
    exports org.medbackup.core.health;
    exports org.medbackup.core.process;
    exports org.medbackup.core.sign;
    exports org.medbackup.core.spi.access;
    exports org.medbackup.core.spi.app;
    exports org.medbackup.core.spi.notify;
    exports org.medbackup.core.spi.place;
    exports org.medbackup.core.spi.signal;
    exports org.medbackup.core.spi.snapshot;
    exports org.medbackup.core.spi.stamp;
    exports org.medbackup.core.spi.store;
    exports org.medbackup.core.spi.throttle;
    exports org.medbackup.core.syslog;
    exports org.medbackup.core.tls;
}
