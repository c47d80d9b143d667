/** Thin doors to the libraries that read and write documents. */
module org.medbackup.documents {
    requires transitive org.medbackup.core;
    requires tools.jackson.core;
    requires static transitive org.jspecify;

    exports org.medbackup.documents;
}
