import org.medbackup.core.spi.store.StoreGateway;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.store.gateway.GatewayStoreProvider;
import org.medbackup.store.gateway.SocketGateway;

/** A store that another account of this machine keeps, behind a door that only takes. */
module org.medbackup.store.gateway {
    requires org.medbackup.core;
    requires jdk.net;
    requires static org.jspecify;

    provides StoreProvider with
            GatewayStoreProvider;
    provides StoreGateway with
            SocketGateway;
}
