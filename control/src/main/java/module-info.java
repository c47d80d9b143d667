/** Steering from outside: what a management tool may ask and tell, and the same calls over HTTP. */
module org.medbackup.control {
    requires transitive org.medbackup.core;
    requires org.medbackup.documents;
    requires jdk.httpserver;
    requires static transitive org.jspecify;

    exports org.medbackup.control;
}
