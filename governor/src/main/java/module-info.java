/** The Resource Management Controller: what a backup uses stays inside what the administrator set. */
module org.medbackup.governor {
    requires transitive org.medbackup.core;
    requires org.medbackup.linux;
    requires static transitive org.jspecify;

    exports org.medbackup.governor;
    exports org.medbackup.governor.observe;
}
