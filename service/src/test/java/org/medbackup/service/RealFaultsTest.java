package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.Actor;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.RecoveringStore;
import org.medbackup.testkit.FaultProxy;
import org.medbackup.testkit.S3Server;
import org.medbackup.testkit.TlsIdentity;

/** Jobs to a real S3 server over real connections that are spoilt. */
class RealFaultsTest {

    private static final byte[] IMAGE = Bytes.random(1, 20_000_000);
    /** Where nothing is waited for that needs time of its own. */
    private static final int HASTY = 10;

    private static final String TRUSTED = "javax.net.ssl.trustStore";

    @TempDir
    static Path folder;

    @TempDir
    Path temp;

    private static S3Server server;
    private static FaultProxy proxy;

    private final Retries time = new Retries();
    private Path source;

    /**
     * The machine's clock, a minute fast, which counts the pauses before calls to a target that are made again, and goes as
     * many times as fast as a test wants it.
     */
    private static final class Retries implements TimeSource {

        private final AtomicInteger made = new AtomicInteger();
        private final long start = TimeSource.system().nanos();
        private volatile int times = 1;

        @Override
        public Instant now() {
            return TimeSource.system().now().plusSeconds(60);
        }

        @Override
        public long nanos() {
            return start + (TimeSource.system().nanos() - start) * times;
        }

        @Override
        public void sleep(Duration duration) {
            boolean ofCalls = StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(each -> each.getClassName().equals(RecoveringStore.class.getName())));
            if (ofCalls) {
                made.incrementAndGet();
            }
            TimeSource.system().sleep(duration.dividedBy(times));
        }
    }

    @BeforeAll
    static void startServers() {
        server = S3Server.start(folder);
        server.createBucket("clinic");
        proxy = FaultProxy.before(server.port(), folder.resolve("proxy.log"));
    }

    @AfterAll
    static void stopServers() {
        proxy.close();
        server.close();
    }

    @BeforeEach
    void haveASource() throws IOException {
        credentials(S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
        source = Files.createDirectories(temp.resolve("source"));
        Files.write(source.resolve("image.dcm"), IMAGE);
    }

    @AfterEach
    void trustAsBefore() {
        System.clearProperty(TRUSTED);
        System.clearProperty(TRUSTED + "Password");
    }

    private static void credentials(String access, String secret) {
        System.setProperty("aws.accessKeyId", access);
        System.setProperty("aws.secretAccessKey", secret);
    }

    private MedBackup product(String retryFor) throws IOException {
        Path file = temp.resolve("medbackup.yaml");
        Files.writeString(
                file,
                "jobs:\n  images: {paths: [\"%s\"], verify: structure, retryFor: %s}\n".formatted(source, retryFor));
        Settings usual = Settings.of(temp.resolve("state"), new Actor("test", "localhost", null, null));
        var settings = new Settings(
                usual.state(),
                usual.actor(),
                usual.listener(),
                Site.SMALL,
                usual.tool(),
                time,
                usual.entropy(),
                usual.processes(),
                usual.governor());
        return MedBackup.open(
                settings.with(MedBackup.configurationFile(Map.of()).load(file), Map.of()));
    }

    /** A repository at a server's real address, opened by a key file at another one. */
    private RepositoryAccess repository(MedBackup product, String place, String endpoint) {
        try (Secret password = Secret.ofText(Site.PASSWORD)) {
            var made = new RepositoryAccess(
                    "s3://" + place + "?endpoint=" + server.endpoint(), new CredentialSource.Password(password));
            product.init(made, null, new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
            product.keys().exportRecovery(made, key());
        }
        return at(place, endpoint);
    }

    private RepositoryAccess at(String place, String endpoint) {
        return new RepositoryAccess("s3://" + place + "?endpoint=" + endpoint, new CredentialSource.KeyFile(key()));
    }

    /** Opens without stretching a password. */
    private Path key() {
        return temp.resolve("owner.key");
    }

    private static String throughProxy() {
        return "http://127.0.0.1:" + proxy.port();
    }

    private static JobResult run(MedBackup product, RepositoryAccess access) {
        return product.jobs().run(access, List.of("images")).getFirst();
    }

    /** Without the proxy: there is one restore point, it is whole, and holds what there was. */
    private void isThere(MedBackup product, String place, JobResult result) {
        assertThat(result.state()).as("%s", result.troubles()).isEqualTo(JobState.SUCCEEDED);
        RepositoryAccess direct = at(place, server.endpoint());
        assertThat(product.snapshots(direct, "", new TreeMap<>()))
                .filteredOn(each -> !each.snapshot().isOfSite())
                .extracting(each -> each.snapshot().id())
                .containsExactlyElementsOf(result.snapshots());
        assertThat(product.verify(direct, VerifyLevel.CONTENT, 100, List.of()).isWhole())
                .isTrue();
        Path target = temp.resolve("restored");
        RestoreResult restored = product.restore(
                direct, new RestoreOrder(result.snapshots().getFirst(), Site.path(source), List.of(), target));
        assertThat(restored.isComplete()).isTrue();
        assertThat(target.resolve("image.dcm")).hasBinaryContent(IMAGE);
    }

    /** Does something after a while, beside the test. */
    private static Thread later(Duration pause, Runnable work) {
        return Thread.ofVirtual().start(() -> {
            TimeSource.system().sleep(pause);
            work.run();
        });
    }

    private static void ended(Thread later) {
        try {
            later.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reset_peer | true  | "timeout": 300      | 2
            limit_data | true  | "bytes": 3000000    | 2
            limit_data | false | "bytes": 100        | 2
            timeout    | true  | "timeout": 0        | 12
            """)
    void connectionsThatBreakOrHangForAWhileCostNothingButTime(
            String fault, boolean upstream, String attributes, int seconds) throws IOException {
        String place = "clinic/" + fault + upstream + seconds;
        try (MedBackup product = product("5 min")) {
            RepositoryAccess access = repository(product, place, throughProxy());
            proxy.spoil(fault, upstream, attributes);
            Thread mending = later(Duration.ofSeconds(seconds), () -> proxy.mend(fault));

            JobResult result = run(product, access);

            ended(mending);
            assertThat(time.made.get() + result.troubles().size())
                    .as("calls that were made again, or stages")
                    .isPositive();
            isThere(product, place, result);
        }
    }

    @Test
    void aTargetThatIsAwayForAWhileIsWaitedFor() throws IOException {
        try (MedBackup product = product("5 min")) {
            RepositoryAccess access = repository(product, "clinic/away", throughProxy());
            proxy.open(false);
            Thread mending = later(Duration.ofSeconds(5), () -> proxy.open(true));

            JobResult result = run(product, access);

            ended(mending);
            assertThat(time.made.get()).isPositive();
            isThere(product, "clinic/away", result);
        }
    }

    /** A connection that is slow is none that is broken: each takes at least its time, and nothing is made again. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            latency    | false | "latency": 50, "jitter": 20   | 1
            bandwidth  | true  | "rate": 4000                  | 4
            slow_close | false | "delay": 1000                 | 0
            """)
    void connectionsThatAreSlowAreNotBroken(String fault, boolean upstream, String attributes, int atLeast)
            throws IOException {
        String place = "clinic/" + fault;
        try (MedBackup product = product("5 min")) {
            RepositoryAccess access = repository(product, place, throughProxy());
            proxy.spoil(fault, upstream, attributes);
            long begun = time.nanos();

            JobResult result = run(product, access);

            Duration took = time.since(begun);
            proxy.mend(fault);
            assertThat(took).isGreaterThan(Duration.ofSeconds(atLeast));
            assertThat(time.made.get()).isZero();
            assertThat(result.troubles()).isEmpty();
            isThere(product, place, result);
        }
    }

    private static void needsAPerson(JobResult result, JobState state, String failure) {
        assertThat(result.state()).isEqualTo(state);
        assertThat(result.snapshots()).isEmpty();
        assertThat(result.troubles().getLast().failure().id()).isEqualTo(failure);
        assertThat(result.troubles().getLast().action()).isEqualTo(Action.STOP);
        assertThat(result.troubles().getLast().failure().remedy()).isNotBlank();
    }

    @Test
    void aNameThatNobodyKnowsIsToldAsThat() throws IOException {
        time.times = HASTY;
        try (MedBackup product = product("1 s")) {
            RepositoryAccess access = repository(product, "clinic/name", "http://target.invalid:9000");

            needsAPerson(run(product, access), JobState.FAILED, "name-not-resolved");
        }
    }

    @Test
    void aRevokedCredentialIsToldAsThatAndNotTriedForLong() throws IOException {
        server.createUser("night-backup", "canary-of-night");
        server.createBucket("nightly", "night-backup");
        credentials("night-backup", "canary-of-night");
        try (MedBackup product = product("5 min")) {
            RepositoryAccess access = repository(product, "nightly/ward", server.endpoint());
            JobResult before = run(product, access);
            assertThat(before.state()).isEqualTo(JobState.SUCCEEDED);
            server.deleteUser("night-backup");
            long begun = time.nanos();

            needsAPerson(run(product, access), JobState.REFUSED, "store-denied");

            assertThat(time.since(begun)).isLessThan(Duration.ofMinutes(2));
        }
        assertThat(Site.everythingBelow(temp.resolve("state")).contains("canary-of-night"))
                .isFalse();
    }

    @Test
    void anExpiredCertificateIsToldAsThatAndNeverPassedOver() throws IOException {
        time.times = HASTY;
        Path trusted = temp.resolve("trusted.p12");
        TlsIdentity identity = TlsIdentity.expired(temp.resolve("identity"), trusted);
        System.setProperty(TRUSTED, trusted.toString());
        System.setProperty(TRUSTED + "Password", TlsIdentity.PASSWORD);
        try (var relay = (SSLServerSocket) identity.server()
                        .getServerSocketFactory()
                        .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
                MedBackup product = product("1 s")) {
            relayed(relay);
            RepositoryAccess access =
                    repository(product, "clinic/certificate", "https://127.0.0.1:" + relay.getLocalPort());

            needsAPerson(run(product, access), JobState.FAILED, "certificate-expired");
        }
    }

    /** Hands on what comes by TLS to the server, and its answers back. */
    private static void relayed(SSLServerSocket relay) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket near = relay.accept();
                    Socket far = new Socket(InetAddress.getLoopbackAddress(), server.port());
                    pumped(near, far);
                    pumped(far, near);
                }
            } catch (IOException closed) {
                // The end of the test.
            }
        });
    }

    private static void pumped(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                long handedOn = in.transferTo(out);
                out.flush();
                assertThat(handedOn).isNotNegative();
            } catch (IOException ended) {
                // One of the two went away.
            }
        });
    }
}
