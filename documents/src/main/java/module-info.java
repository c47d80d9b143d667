/** Thin doors to the libraries that read and write documents. */
module org.medbackup.documents {
    requires transitive org.medbackup.core;
    requires com.networknt.schema;
    requires openhtmltopdf.core;
    requires openhtmltopdf.pdfbox;
    requires org.apache.fontbox;
    requires org.apache.pdfbox;
    requires org.apache.pdfbox.io;
    requires org.snakeyaml.engine;
    requires tools.jackson.core;
    // What the library for PDF needs and, having no descriptor, cannot say.
    requires java.desktop;
    requires java.logging;
    requires org.apache.commons.logging;
    requires static transitive org.jspecify;

    exports org.medbackup.documents;
    exports org.medbackup.documents.page;
    exports org.medbackup.documents.sign;
}
