package org.medbackup.governor.signal;

import java.net.URI;
import java.time.Duration;
import java.util.ServiceLoader;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.SignalProvider;

/** Finds who serves an address. */
public final class Signals {

    private Signals() {}

    /**
     * Opens the signal at an address.
     *
     * @throws org.medbackup.core.error.UsageException where nobody serves it, or it cannot be one
     */
    public static ProductionSignal open(URI address, TimeSource time, Duration timeout) {
        String scheme = address.getScheme();
        if (scheme != null) {
            for (SignalProvider provider : ServiceLoader.load(SignalProvider.class)) {
                if (provider.schemes().contains(scheme)) {
                    return provider.open(address, time, timeout);
                }
            }
        }
        throw ErrorCode.INVALID_SIGNAL.because("nobody serves addresses of this kind");
    }
}
