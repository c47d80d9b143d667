/** The Policy Enforcement System: what a file is, and where it belongs. */
module org.medbackup.policy {
    requires transitive org.medbackup.core;
    requires static transitive org.jspecify;

    exports org.medbackup.policy;
}
