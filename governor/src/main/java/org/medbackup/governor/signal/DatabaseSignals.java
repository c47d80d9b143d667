package org.medbackup.governor.signal;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.SignalProvider;
import org.medbackup.core.spi.signal.Unit;

/**
 * Signals of databases, by whatever JDBC driver is there:
 *
 * <ul>
 *   <li>{@code jdbc:KIND:…#QUERY}: seconds of a query, {@code select 1} where none is given
 *   <li>{@code jdbc-value:KIND:…#QUERY}: the number of seconds that a query returns, such as a replica's lag
 * </ul>
 *
 * The query is written as URIs have it, with {@code %20} for a space. A password stands where the driver looks for it
 * ({@code ~/.pgpass}), rather than in the address.
 */
public final class DatabaseSignals implements SignalProvider {

    /** Of what the drivers reach. */
    public DatabaseSignals() {}

    @Override
    public Set<String> schemes() {
        return Set.of("jdbc", "jdbc-value");
    }

    @Override
    public ProductionSignal open(URI address, TimeSource time, Duration timeout) {
        String kind = address.getScheme();
        boolean value = kind.equals("jdbc-value");
        String query = address.getFragment();
        if (!address.getRawSchemeSpecificPart().matches("[a-z0-9]+:.+")) {
            throw Addresses.wrong(address, "the address of a driver is wanted, such as postgresql://host/database");
        }
        if (value && query == null) {
            throw Addresses.wrong(address, "a query is wanted behind #");
        }
        var measurement = new Query(
                time, timeout, "jdbc:" + address.getRawSchemeSpecificPart(), query == null ? "select 1" : query, value);
        return new MeasuredSignal(kind, Unit.SECONDS, time, timeout, measurement);
    }
}
