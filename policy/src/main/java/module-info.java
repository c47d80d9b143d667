/** The Policy Enforcement System: what a file is, and where it belongs. */
module org.medbackup.policy {
    requires transitive org.medbackup.core;
    requires transitive org.medbackup.expressions;
    requires org.medbackup.documents;
    requires static transitive org.jspecify;

    exports org.medbackup.policy;
}
