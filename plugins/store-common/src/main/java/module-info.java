/** What stores over a network share: calls that hang are ended, and contents go as fast as a throttle lets them. */
module org.medbackup.store.common {
    requires transitive org.medbackup.core;
    requires static transitive org.jspecify;

    exports org.medbackup.store.common;
}
