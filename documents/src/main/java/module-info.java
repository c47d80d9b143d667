/** Thin doors to the libraries that read and write documents. */
module org.medbackup.documents {
    requires transitive org.medbackup.core;
    requires com.networknt.schema;
    requires org.snakeyaml.engine;
    requires tools.jackson.core;
    requires static transitive org.jspecify;

    exports org.medbackup.documents;
}
