import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.store.hsm.HsmStoreProvider;

/** Objects as files of a file system that moves them to tape and back. */
module org.medbackup.store.hsm {
    requires org.medbackup.core;
    requires org.medbackup.documents;
    requires org.medbackup.linux;
    requires re2j;
    requires static org.jspecify;

    uses StoreProvider;

    provides StoreProvider with
            HsmStoreProvider;
}
