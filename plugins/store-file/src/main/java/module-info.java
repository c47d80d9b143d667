import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.store.file.FileStoreProvider;

/** Objects as files in a folder: a local disk, or a mounted one. */
module org.medbackup.store.file {
    requires transitive org.medbackup.core;
    requires org.medbackup.linux;
    requires static transitive org.jspecify;

    // For stores whose objects are such files too.
    exports org.medbackup.store.file;

    provides StoreProvider with
            FileStoreProvider;
}
