/** Who may do what: persons, roles, and approvals by several of them. */
module org.medbackup.access {
    requires transitive org.medbackup.core;
    requires transitive org.medbackup.documents;
    requires static transitive org.jspecify;

    exports org.medbackup.access;
}
