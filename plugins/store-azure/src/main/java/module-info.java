import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.store.azure.AzureStoreProvider;

/** Objects in a container of Azure Blob Storage. */
module org.medbackup.store.azure {
    requires java.net.http;
    requires java.xml;
    requires org.medbackup.core;
    requires org.medbackup.store.common;
    requires static org.jspecify;

    provides StoreProvider with
            AzureStoreProvider;
}
