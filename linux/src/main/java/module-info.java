/**
 * The operating system by the foreign function API. The only module of the product that is granted native access.
 */
module org.medbackup.linux {
    requires transitive org.medbackup.core;
    requires static transitive org.jspecify;

    exports org.medbackup.linux;
    exports org.medbackup.linux.sandbox;
    exports org.medbackup.linux.snapshot;
}
