package org.medbackup.governor.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.signal.SignalProvider;
import org.medbackup.testkit.SignalContract;

class RoundTripSignalTest implements SignalContract {

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                server.accept().close();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Override
    public SignalProvider provider() {
        return new NetworkSignals();
    }

    @Override
    public URI there() {
        return URI.create("tcp://localhost:" + server.getLocalPort());
    }

    @Override
    public URI absent() {
        return URI.create("tcp://127.0.0.1:9");
    }

    @Override
    public URI malformed() {
        return URI.create("tcp://localhost");
    }

    @Override
    public String secret() {
        return "localhost";
    }

    @Test
    void aServerThatTakesNobodyInTimesOut() throws IOException {
        List<SocketChannel> waiting = new ArrayList<>();
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ProductionSignal signal = provider()
                        .open(
                                URI.create("tcp://127.0.0.1:" + full.getLocalPort()),
                                TimeSource.system(),
                                Duration.ofMillis(200))) {
            // More than its queue holds; the kernel drops what follows.
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
                waiting.add(channel);
            }
            assertThat(signal.read().quality()).isEqualTo(Quality.TIMED_OUT);
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    void aHostThatNobodyKnowsIsGarbage() {
        try (ProductionSignal signal =
                provider().open(URI.create("tcp://no.such.invalid:80"), TimeSource.system(), Duration.ofSeconds(5))) {
            assertThat(signal.read().quality()).isEqualTo(Quality.GARBAGE);
        }
    }
}
