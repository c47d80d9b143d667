/** SQLite: a consistent copy of a database file that is in use, and the proof of what was restored. */
module org.medbackup.app.sqlite {
    requires java.sql;
    requires org.medbackup.core;
    requires org.xerial.sqlitejdbc;
    requires static org.jspecify;

    provides org.medbackup.core.spi.app.ApplicationProvider with
            org.medbackup.app.sqlite.SqliteProvider;
}
