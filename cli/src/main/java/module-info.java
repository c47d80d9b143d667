/** The launcher's adapter: arguments in, one call on the product, an answer out. */
module org.medbackup.cli {
    requires org.medbackup.service;
    requires org.medbackup.documents;
    requires org.medbackup.demo;
    requires org.medbackup.bench;
    requires info.picocli;
    requires static org.jspecify;

    opens org.medbackup.cli to
            info.picocli;
}
