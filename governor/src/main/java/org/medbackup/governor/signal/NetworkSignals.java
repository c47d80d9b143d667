package org.medbackup.governor.signal;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.SignalProvider;
import org.medbackup.core.spi.signal.Unit;

/**
 * Signals of services in the network:
 *
 * <ul>
 *   <li>{@code http://…}, {@code https://…}: seconds until a request was answered in full
 *   <li>{@code tcp://HOST:PORT}: seconds until a connection was there, which is one round trip
 * </ul>
 */
public final class NetworkSignals implements SignalProvider {

    /** Of what this machine reaches. */
    public NetworkSignals() {}

    @Override
    public Set<String> schemes() {
        return Set.of("http", "https", "tcp");
    }

    @Override
    public ProductionSignal open(URI address, TimeSource time, Duration timeout) {
        String kind = address.getScheme();
        String host = address.getHost();
        if (host == null || kind.equals("tcp") && address.getPort() < 1) {
            throw Addresses.wrong(address, "a host is wanted" + (kind.equals("tcp") ? ", and a port" : ""));
        }
        Measurement measurement = kind.equals("tcp")
                ? new RoundTrip(time, timeout, host, address.getPort())
                : new RequestTime(time, timeout, address);
        return new MeasuredSignal(kind, Unit.SECONDS, time, timeout, measurement);
    }
}
