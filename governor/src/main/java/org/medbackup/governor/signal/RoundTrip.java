package org.medbackup.governor.signal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.Sample;

/** The time of a TCP handshake. The name is looked up before the clock starts, and again only after a failure. */
final class RoundTrip implements Measurement {

    private final TimeSource time;
    private final Duration timeout;
    private final String host;
    private final int port;
    private @Nullable InetAddress found;

    RoundTrip(TimeSource time, Duration timeout, String host, int port) {
        this.time = time;
        this.timeout = timeout;
        this.host = host;
        this.port = port;
    }

    @Override
    public Sample take() throws IOException {
        InetAddress address = found == null ? InetAddress.getByName(host) : found;
        found = address;
        try (Socket socket = new Socket()) {
            long begun = time.nanos();
            socket.connect(new InetSocketAddress(address, port), (int) Math.max(1, timeout.toMillis()));
            long now = time.nanos();
            return Sample.of((now - begun) / 1e9, now);
        }
    }

    @Override
    public void release() {
        found = null;
    }
}
