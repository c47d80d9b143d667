import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.store.file.FileStoreProvider;

/** Objects as files in a folder: a local disk, or a mounted one. */
module org.medbackup.store.file {
    requires org.medbackup.core;
    requires org.medbackup.linux;
    requires static org.jspecify;

    provides StoreProvider with
            FileStoreProvider;
}
