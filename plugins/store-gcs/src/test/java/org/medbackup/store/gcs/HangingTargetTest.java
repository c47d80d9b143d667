package org.medbackup.store.gcs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;
import org.medbackup.testkit.SilentServer;
import org.medbackup.testkit.TlsIdentity;

/** Targets that stop in the middle of a call, over real connections. */
class HangingTargetTest {

    private static final ObjectName NAME = ObjectName.of("d/pack");
    /** A piece of it is more than the buffers of both ends of a connection hold. */
    private static final ObjectContent LARGE = ObjectContent.of(new byte[48 << 20]);

    private static final Duration SHORT = Duration.ofMillis(400);
    /** What would be waited without a watch; no test may come near it. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final TimeSource TIME = TimeSource.system();
    private static final String TRUSTED = "javax.net.ssl.trustStore";

    private final List<Socket> held = new CopyOnWriteArrayList<>();

    @AfterEach
    void letGo() throws IOException {
        for (Socket each : held) {
            each.close();
        }
    }

    private static GcsStore store(String endpoint, Silence silence, Throttle throttle) {
        return GcsStoreProvider.open(
                URI.create("gs://bucket/prefix?endpoint=" + endpoint), name -> null, silence, throttle);
    }

    /** A store over an encrypted way, for which a metadata server gives tokens. */
    private static GcsStore store(String endpoint, ScriptedServer metadata) {
        return GcsStoreProvider.open(
                URI.create("gs://bucket/prefix?endpoint=" + endpoint),
                Map.of("GCE_METADATA_HOST", metadata.endpoint().replace("http://", ""))::get,
                new Silence(SHORT, SHORT, LONGEST),
                Throttle.none());
    }

    private static GcsStore store(String endpoint) {
        return store(endpoint, new Silence(SHORT, SHORT, LONGEST), Throttle.none());
    }

    private static void hangsAreMet(Runnable call) {
        long begun = TIME.nanos();
        UnavailableException failure = catchThrowableOfType(UnavailableException.class, call::run);

        assertThat(failure.context()).containsEntry("cause", "SocketTimeoutException");
        assertThat(TIME.since(begun)).isBetween(SHORT, LONGEST.dividedBy(3));
    }

    /** What a server does with a request whose head it has read. */
    private interface Conduct {
        void answer(Socket connection, String head) throws IOException;
    }

    private ServerSocket server(ServerSocket socket, Conduct conduct) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket connection = socket.accept();
                    held.add(connection);
                    Thread.ofVirtual().start(() -> serve(connection, conduct));
                }
            } catch (IOException closed) {
                // The end of the test.
            }
        });
        return socket;
    }

    private static void serve(Socket connection, Conduct conduct) {
        try {
            InputStream in = connection.getInputStream();
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int got = in.read();
                if (got < 0) {
                    return;
                }
                head.append((char) got);
            }
            conduct.answer(connection, head.toString());
        } catch (IOException left) {
            // The client went away.
        }
    }

    private static ServerSocket plain() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static void say(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(ISO_8859_1));
        connection.getOutputStream().flush();
    }

    @Test
    void aTargetThatAnswersNothingIsLeft() {
        try (SilentServer silent = SilentServer.start();
                GcsStore store = store("http://127.0.0.1:" + silent.port())) {
            hangsAreMet(() -> store.length(NAME));
        }
    }

    /** Begins an upload, and reads nothing of its pieces. */
    private static void beginAndTakeNoMore(Socket connection, String head) throws IOException {
        if (head.startsWith("POST ")) {
            say(
                    connection,
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nLocation: /upload?upload_id=1\r\nContent-Length: 0\r\n\r\n");
        }
    }

    @Test
    void aTargetThatTakesNoMoreOfAContentIsLeft() throws IOException {
        try (ServerSocket server = server(plain(), HangingTargetTest::beginAndTakeNoMore);
                GcsStore store = store("http://127.0.0.1:" + server.getLocalPort())) {
            hangsAreMet(() -> store.putIfAbsent(NAME, LARGE));
        }
    }

    @Test
    void aTargetThatTakesNoMoreOfAnEncryptedContentIsLeft(@TempDir Path folder) throws IOException {
        TlsIdentity identity = TlsIdentity.make(folder, TlsIdentity.LOOPBACK);
        System.setProperty(TRUSTED, identity.store().toString());
        System.setProperty(TRUSTED + "Password", TlsIdentity.PASSWORD);
        try (ServerSocket server = server(
                        identity.server()
                                .getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                        HangingTargetTest::beginAndTakeNoMore);
                var metadata = new ScriptedServer(
                        ScriptedServer.answer(200, "{\"access_token\":\"canary\",\"expires_in\":3599}"));
                GcsStore store = store("https://127.0.0.1:" + server.getLocalPort(), metadata)) {
            hangsAreMet(() -> store.putIfAbsent(NAME, LARGE));
        } finally {
            System.clearProperty(TRUSTED);
            System.clearProperty(TRUSTED + "Password");
        }
    }

    @Test
    void anAnswerThatStopsInTheMiddleIsLeft() throws IOException {
        String begun =
                "HTTP/1.1 206 Partial\r\nContent-Length: 1000\r\nContent-Range: bytes 0-999/1000\r\n\r\nonly this";
        try (ServerSocket server = server(plain(), (connection, head) -> say(connection, begun));
                GcsStore store = store("http://127.0.0.1:" + server.getLocalPort())) {
            hangsAreMet(() -> store.read(NAME, 0, ByteBuffer.allocate(1000)));
        }
    }

    @Test
    void aTargetThatIsSlowGetsItsAnswerThrough() throws IOException {
        try (ServerSocket server = server(plain(), (connection, head) -> {
                    TIME.sleep(SHORT.multipliedBy(2));
                    say(
                            connection,
                            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 12\r\n\r\n{\"size\":\"1\"}");
                });
                GcsStore store = store("http://127.0.0.1:" + server.getLocalPort())) {
            int tries = 1;
            while (catchThrowableOfType(UnavailableException.class, () -> store.length(NAME)) != null) {
                tries++;
                assertThat(tries).isLessThan(6);
            }

            assertThat(tries).isGreaterThan(1);
        }
    }

    @Test
    void aLimitThatHoldsAContentBackIsNoHang() throws IOException {
        Throttle holding = demand -> {
            TIME.sleep(Duration.ofSeconds(1));
            return Throttle.none().acquire(demand);
        };
        byte[] content = new byte[10_000];
        try (var server = new ScriptedServer(Scripted.found(content));
                GcsStore store = store(server.endpoint(), Silence.of(Duration.ofMillis(700)), holding)) {
            assertThat(store.putIfAbsent(NAME, ObjectContent.of(content))).isEqualTo(PutOutcome.CREATED);
        }
    }
}
