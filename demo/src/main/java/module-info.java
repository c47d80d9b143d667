/** The main job in one call: a hospital's database and documents, backed up in use, restored and proven equal. */
module org.medbackup.demo {
    requires transitive org.medbackup.service;
    requires org.medbackup.corpus;
    requires org.medbackup.documents;
    requires org.medbackup.postgres;
    requires java.sql;
    requires static transitive org.jspecify;

    exports org.medbackup.demo;
}
