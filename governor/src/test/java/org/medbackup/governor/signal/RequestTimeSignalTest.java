package org.medbackup.governor.signal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.signal.ProductionSignal;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.signal.SignalProvider;
import org.medbackup.testkit.SignalContract;

class RequestTimeSignalTest implements SignalContract {

    private final CountDownLatch over = new CountDownLatch(1);
    private ServerSocket server;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket connection = server.accept();
                    Thread.ofVirtual().start(() -> serve(connection));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
    }

    private void serve(Socket connection) {
        try (connection;
                var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII))) {
            for (String request = in.readLine(); request != null; request = in.readLine()) {
                while (!in.readLine().isEmpty()) {
                    // The headers.
                }
                answer(request, connection.getOutputStream());
            }
        } catch (IOException | InterruptedException gone) {
            // The client is.
        }
    }

    private void answer(String request, OutputStream out) throws IOException, InterruptedException {
        String status = request.contains("/broken") ? "500 no" : "200 OK";
        out.write(("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nO").getBytes(US_ASCII));
        out.flush();
        if (request.contains("/slow")) {
            over.await();
        }
        out.write('K');
        out.flush();
    }

    @AfterEach
    void stop() throws IOException {
        over.countDown();
        server.close();
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    @Override
    public SignalProvider provider() {
        return new NetworkSignals();
    }

    @Override
    public URI there() {
        return address("/sekret/health");
    }

    @Override
    public URI absent() {
        return URI.create("http://127.0.0.1:9/");
    }

    @Override
    public URI malformed() {
        return URI.create("http:nowhere");
    }

    @Override
    public String secret() {
        return "sekret";
    }

    private Sample sample(String path, Duration timeout) {
        try (ProductionSignal signal = provider().open(address(path), TimeSource.system(), timeout)) {
            return signal.read();
        }
    }

    @Test
    void anAnswerThatIsAnErrorIsNoMeasurement() {
        assertThat(sample("/broken", Duration.ofSeconds(5)).quality()).isEqualTo(Quality.GARBAGE);
    }

    @Test
    void anAnswerThatDoesNotEndTimesOut() {
        Sample sample = sample("/slow", Duration.ofMillis(200));

        assertThat(sample.quality()).isEqualTo(Quality.TIMED_OUT);
        assertThat(sample.value()).isGreaterThanOrEqualTo(0.2);
    }
}
