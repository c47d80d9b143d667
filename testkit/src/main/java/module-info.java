/** Fakes with the real semantics, faults to inject, and the contract suites by which an adapter proves itself. */
module org.medbackup.testkit {
    requires transitive org.medbackup.core;
    requires transitive org.junit.jupiter.api;
    requires transitive org.assertj.core;
    requires jdk.httpserver;
    requires jdk.management;
    requires static transitive org.jspecify;

    uses org.medbackup.core.spi.notify.ChannelProvider;

    exports org.medbackup.testkit;
}
