import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.store.gcs.GcsStoreProvider;

/** Objects in a bucket of Google Cloud Storage. */
module org.medbackup.store.gcs {
    requires java.net.http;
    requires org.medbackup.core;
    requires org.medbackup.documents;
    requires org.medbackup.store.common;
    requires static org.jspecify;

    provides StoreProvider with
            GcsStoreProvider;
}
