package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/**
 * A real time-stamping authority (RFC 3161) behind HTTP on loopback: {@code openssl ts}, with an authority of its own. A test
 * that starts one is skipped where there is no {@code openssl}.
 */
public final class TimestampServer implements AutoCloseable {

    private static final String USABLE =
            "-addext extendedKeyUsage=critical,timeStamping -addext keyUsage=critical,digitalSignature";

    private final Path folder;
    private final HttpServer server;
    private volatile UnaryOperator<byte[]> spoiling = UnaryOperator.identity();
    private volatile int status = 200;

    private TimestampServer(Path folder, HttpServer server) {
        this.folder = folder;
        this.server = server;
    }

    /** Starts one; what it needs lies in a folder. */
    public static TimestampServer start(Path folder) {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "needs openssl");
        try {
            Files.createDirectories(folder);
            authority(folder, "ca", "tsa", USABLE);
            Files.writeString(folder.resolve("serial"), "01\n");
            Files.writeString(folder.resolve("ts.cnf"), """
                    [tsa]
                    default_tsa = one
                    [one]
                    serial = %1$s/serial
                    crypto_device = builtin
                    signer_cert = %1$s/tsa.pem
                    signer_key = %1$s/tsa.key
                    signer_digest = sha256
                    default_policy = 1.2.3.4.1
                    digests = sha256
                    accuracy = secs:1
                    ordering = no
                    tsa_name = no
                    ess_cert_id_chain = no
                    ess_cert_id_alg = sha256
                    """.formatted(folder));
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var started = new TimestampServer(folder, http);
            http.createContext("/tsa", exchange -> {
                byte[] reply = started.reply(exchange.getRequestBody().readAllBytes());
                exchange.getResponseHeaders().add("Content-Type", "application/timestamp-reply");
                exchange.sendResponseHeaders(started.status, reply.length);
                try (OutputStream body = exchange.getResponseBody()) {
                    body.write(reply);
                }
            });
            http.start();
            return started;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Makes an authority and a certificate of it. */
    private static void authority(Path folder, String ca, String name, String extensions) {
        shell(folder, """
                set -e
                openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=authority-of-%2$s -keyout %1$s.key -out %1$s.pem
                openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=%2$s -CA %1$s.pem -CAkey %1$s.key \
                    -addext basicConstraints=critical,CA:false %3$s -keyout %2$s.key -out %2$s.pem
                """.formatted(ca, name, extensions));
    }

    private static Completed shell(Path folder, String script) {
        Completed done = Processes.system()
                .run(Command.of("sh", "-c", "cd \"$0\" && " + script, folder.toString())
                        .within(Duration.ofSeconds(60)));
        assertThat(done.exitCode()).as(done.errors()).isZero();
        return done;
    }

    private synchronized byte[] reply(byte[] query) throws IOException {
        Files.write(folder.resolve("query"), query);
        Processes.system()
                .run(Command.of(
                                "sh",
                                "-c",
                                "cd \"$0\" && openssl ts -reply -config ts.cnf -queryfile query -out reply",
                                folder.toString())
                        .within(Duration.ofSeconds(30)));
        return spoiling.apply(Files.readAllBytes(folder.resolve("reply")));
    }

    /** Where it is asked. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/tsa");
    }

    /** The certificate of its authority. */
    public Path authorities() {
        return folder.resolve("ca.pem");
    }

    /** The certificate of an authority that has nothing to do with it. */
    public Path otherAuthorities() {
        authority(folder, "other-ca", "other", USABLE);
        return folder.resolve("other-ca.pem");
    }

    /** It signs with another certificate of its authority from now on, which is not meant for that. */
    public void signWithAnyCertificate() {
        shell(folder, """
                openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=web -CA ca.pem -CAkey ca.key \
                    -addext basicConstraints=critical,CA:false -keyout tsa.key -out tsa.pem""");
    }

    /** Changes its answers from now on. */
    public void spoil(UnaryOperator<byte[]> how) {
        spoiling = how;
    }

    /** The status of its answers from now on. */
    public void answer(int with) {
        status = with;
    }

    /** What {@code openssl ts -verify} says of a token: whether it attests a content. */
    public boolean holds(byte[] token, byte[] content) {
        try {
            Files.write(folder.resolve("token"), token);
            Files.write(folder.resolve("content"), content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return Processes.system()
                        .run(Command.of(
                                        "openssl",
                                        "ts",
                                        "-verify",
                                        "-token_in",
                                        "-in",
                                        folder.resolve("token").toString(),
                                        "-data",
                                        folder.resolve("content").toString(),
                                        "-CAfile",
                                        authorities().toString())
                                .within(Duration.ofSeconds(30)))
                        .exitCode()
                == 0;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
