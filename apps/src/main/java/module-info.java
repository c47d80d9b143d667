/**
 * The Application Integration Framework: takes an application through the phases of a consistent backup and sees to it
 * that it is never left frozen.
 */
module org.medbackup.apps {
    requires transitive org.medbackup.core;
    requires static transitive org.jspecify;

    exports org.medbackup.apps;
}
