/** Measures what the running machine does with the product's own code. */
module org.medbackup.bench {
    requires transitive org.medbackup.core;
    requires org.medbackup.corpus;
    requires org.medbackup.engine;
    requires org.medbackup.governor;
    requires org.medbackup.linux;
    requires org.medbackup.policy;
    requires static transitive org.jspecify;

    exports org.medbackup.bench;

    uses org.medbackup.bench.Limiter;
}
