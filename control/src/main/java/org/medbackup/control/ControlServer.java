package org.medbackup.control;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.health.HealthFinding;

/**
 * Serves {@link BackupControl} over HTTPS, as {@link #openApi()} says. TLS 1.3 with certificates at both ends; what the
 * subject of the caller's certificate may do is said by {@link RoleMap}, and everything else is denied.
 *
 * <p>It must be opened before any other server of the JDK in this JVM, whose bounds are set once. Safe for use by several
 * threads; each request has a virtual thread of its own.
 */
public final class ControlServer implements AutoCloseable {

    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final ExecutorService threads;
    private final @Nullable LiveTls tls;

    private ControlServer(HttpServer server, ExecutorService threads, @Nullable LiveTls tls) {
        this.server = server;
        this.threads = threads;
        this.tls = tls;
    }

    /**
     * What the server stands on.
     *
     * @param control answers the calls
     * @param audit keeps those that change something
     * @param metrics in the text format of Prometheus
     * @param unforeseen takes what went wrong in a way that nobody has foreseen; its caller is told {@code INTERNAL}
     * @param time of deadlines and certificates
     */
    public record Parts(
            BackupControl control,
            ControlAudit audit,
            Supplier<String> metrics,
            Consumer<Throwable> unforeseen,
            TimeSource time) {}

    /**
     * Serves until it is closed.
     *
     * @throws BackupException with {@code CONTROL_INVALID} where the files cannot be used, or the address is taken
     */
    public static ControlServer open(ControlSettings settings, Parts parts) {
        ServerLimits.apply();
        TlsFiles files = settings.tls();
        LiveTls tls = files == null ? null : LiveTls.open(files, parts.time());
        HttpServer server = listen(settings.address(), tls);
        ApiDocument document = ApiDocument.load();
        Supplier<List<HealthFinding>> findings = () -> tls == null ? List.of() : tls.findings();
        var answers = new Answers(parts.control(), parts.metrics(), findings, document, parts.time());
        var streams = new EventStream(parts.control(), parts.time(), settings.longestStream());
        Predicate<X509Certificate[]> trusted = chain -> tls != null && tls.isTrusted(chain);
        var front = new Front(
                document.operations(), settings.roles(), trusted, parts.audit(), answers, streams, parts.unforeseen());
        server.createContext("/", front);
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("control-", 0).factory());
        server.setExecutor(threads);
        server.start();
        return new ControlServer(server, threads, tls);
    }

    private static HttpServer listen(InetSocketAddress address, @Nullable LiveTls tls) {
        try {
            if (tls == null) {
                return HttpServer.create(address, BACKLOG);
            }
            HttpsServer secure = HttpsServer.create(address, BACKLOG);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls.context()) {
                @Override
                public void configure(HttpsParameters parameters) {
                    tls.look();
                    SSLParameters both = getSSLContext().getDefaultSSLParameters();
                    both.setProtocols(new String[] {"TLSv1.3"});
                    both.setNeedClientAuth(true);
                    parameters.setSSLParameters(both);
                }
            });
            return secure;
        } catch (IOException failed) {
            throw ErrorCode.CONTROL_INVALID.because("it cannot listen at its address", failed);
        }
    }

    /** The OpenAPI 3.1 document of what is served, as JSON. */
    public static String openApi() {
        return ApiDocument.load().text();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** What somebody has to do about its certificates; shown by {@code /health/ready} too. */
    public List<HealthFinding> findings() {
        return tls == null ? List.of() : tls.findings();
    }

    /** Ends at once, also what is being answered. Idempotent. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
