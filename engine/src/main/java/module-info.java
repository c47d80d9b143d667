/**
 * The Incremental Backup Engine: a repository of encrypted, deduplicated, compressed chunks in create-only objects, and
 * what reads and writes it.
 */
module org.medbackup.engine {
    requires transitive org.medbackup.core;
    requires org.medbackup.linux;
    requires org.medbackup.documents;
    requires com.github.luben.zstd_jni;
    requires org.bouncycastle.provider;
    requires static transitive org.jspecify;

    exports org.medbackup.engine;
}
