/** What the channels for notifications share: their common options, their words, and how long they may take. */
module org.medbackup.notify.common {
    requires transitive org.medbackup.core;
    requires static transitive org.jspecify;

    exports org.medbackup.notify.common;
}
