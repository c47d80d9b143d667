/**
 * Seeded test material: random bytes, database pages, file trees, synthetic patients and their clinical documents. The
 * same seed gives the same bytes on every machine. Depends on the JDK only, so that every module's tests, the demo and
 * the benchmarks can use it.
 */
module org.medbackup.corpus {
    requires static transitive org.jspecify;

    exports org.medbackup.corpus;
}
