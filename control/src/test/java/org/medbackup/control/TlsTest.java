package org.medbackup.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.health.HealthFinding;
import org.medbackup.testkit.TlsIdentity;

class TlsTest {

    @TempDir
    Path temp;

    private static HttpResponse<String> get(Site site, SSLContext tls) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
            HttpRequest request = HttpRequest.newBuilder(site.uri("/health/live"))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void withoutACertificateTheHandshakeIsRefused() throws Exception {
        try (var site = new Site(temp)) {
            SSLContext nobody = Identities.client(null, Identities.of("server"));

            assertThatThrownBy(() -> get(site, nobody)).isInstanceOf(IOException.class);
            assertThat(get(site, Identities.client(Identities.of("viewer"), Identities.of("server")))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefusedWhateverItsSubject() throws Exception {
        try (var site = new Site(temp)) {
            TlsIdentity other = TlsIdentity.of(temp.resolve("other"), "CN=operator,O=Clinic");

            assertThatThrownBy(() -> get(site, Identities.client(other, Identities.of("server"))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void olderProtocolsAreRefused() throws Exception {
        try (var site = new Site(temp)) {
            SSLContext tls = Identities.client(Identities.of("viewer"), Identities.of("server"));
            try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", site.port())) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});

                assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
            }
        }
    }

    private static void replace(Path file, Path with) throws IOException {
        Path next = Files.copy(with, file.resolveSibling("next"), StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aNewCertificateIsTakenUpWithoutARestart() throws Exception {
        TlsIdentity next = Identities.of("renewed");
        try (var site = new Site(temp)) {
            replace(site.files.certificates(), next.certificate());
            site.time.advance(Duration.ofSeconds(2));

            // The certificate is there, its key not yet: what was there before is served.
            assertThat(site.server.findings())
                    .extracting(HealthFinding::code)
                    .containsExactly(ErrorCode.CREDENTIAL_UNREADABLE);
            assertThat(get(site, Identities.client(Identities.of("viewer"), Identities.of("server")))
                            .body())
                    .contains("CREDENTIAL_UNREADABLE");

            replace(site.files.key(), next.key());
            site.time.advance(Duration.ofSeconds(2));

            assertThat(get(site, Identities.client(Identities.of("viewer"), next))
                            .body())
                    .contains("\"findings\":[]");
            assertThatThrownBy(() -> get(site, Identities.client(Identities.of("viewer"), Identities.of("server"))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void anAuthorityThatIsTakenAwayIsNotTrustedAnyMore() throws Exception {
        try (var site = new Site(temp)) {
            replace(site.files.clients(), Identities.of("viewer").certificate());
            site.time.advance(Duration.ofSeconds(2));

            assertThat(get(site, Identities.client(Identities.of("viewer"), Identities.of("server")))
                            .statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> get(site, Identities.client(Identities.of("operator"), Identities.of("server"))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void nobodyIsServedOnAnOlderConnectionOfAnAuthorityThatWasTakenAway() throws Exception {
        try (var site = new Site(temp)) {
            assertThat(site.as("operator", "GET", "/v1/jobs", null).statusCode())
                    .isEqualTo(200);
            assertThat(site.as("viewer", "GET", "/v1/jobs", null).statusCode()).isEqualTo(200);

            replace(site.files.clients(), Identities.of("viewer").certificate());
            site.time.advance(Duration.ofSeconds(2));

            assertThat(site.as("operator", "POST", "/v1/jobs/nightly:pause", null)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(site.control.calls).isEmpty();
            assertThat(site.as("viewer", "GET", "/v1/jobs", null).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void filesThatAreGoneAreAFindingUntilTheyAreBack() throws Exception {
        try (var site = new Site(temp)) {
            Path away = Files.move(site.files.key(), temp.resolve("away"));
            site.time.advance(Duration.ofSeconds(2));
            assertThat(site.server.findings()).hasSize(1);

            Files.move(away, site.files.key());
            assertThat(site.server.findings()).hasSize(1);
            site.time.advance(Duration.ofSeconds(2));
            assertThat(site.server.findings()).isEmpty();
        }
    }

    @Test
    void aCertificateThatEndsSoonIsAFindingThatKeepsNobodyFromWork() throws Exception {
        try (var site = new Site(temp)) {
            assertThat(site.server.findings()).isEmpty();

            site.time.advance(Duration.ofDays(70));
            assertThat(site.server.findings())
                    .hasSizeGreaterThan(1)
                    .allMatch(each -> each.code() == ErrorCode.CERTIFICATE_ENDS && !each.blocking())
                    .anySatisfy(each -> assertThat(each.detail())
                            .startsWith("the certificate of the control API ends 20")
                            .doesNotContain("/"));

            site.time.advance(Duration.ofDays(30));
            assertThat(site.server.findings())
                    .anySatisfy(each -> assertThat(each.detail()).contains(" has ended "));
            assertThat(site.send("GET", "/health/ready").statusCode()).isEqualTo(200);
        }
    }

    private ControlServer open(TlsFiles files) {
        return ControlServer.open(
                ControlSettings.onLoopback(0, files, Identities.roles()),
                new ControlServer.Parts(
                        new FakeControl(), call -> {}, () -> "", wrong -> {}, new org.medbackup.testkit.ManualTime()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.pem", "server.key", "clients.pem"})
    void aServerWhoseFilesCannotBeUsedDoesNotStart(String broken) throws Exception {
        TlsFiles files = Identities.server(temp, Identities.of("server"));
        Path file = temp.resolve(broken);

        for (String content : List.of("", "-----BEGIN CERTIFICATE-----\nx\n", "secret of the clinic")) {
            Files.writeString(file, content);
            assertRefused(files);
        }
        Files.delete(file);
        assertRefused(files);
    }

    private void assertRefused(TlsFiles files) {
        assertThatThrownBy(() -> open(files)).isInstanceOfSatisfying(BackupException.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.CONTROL_INVALID);
            assertThat(refused.describe()).doesNotContain(temp.toString()).doesNotContain("secret of the clinic");
        });
    }

    @Test
    void aKeyThatOthersMayReadIsRefused() throws Exception {
        TlsFiles files = Identities.server(temp, Identities.of("server"));
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> open(files)).hasMessageContaining("by others than its owner");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aKeyThatIsNotTheCertificatesIsRefused(String algorithm) throws Exception {
        TlsFiles files = Identities.server(temp, Identities.of("server"));
        byte[] key = KeyPairGenerator.getInstance(algorithm)
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Files.writeString(
                files.key(),
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n");

        assertThatThrownBy(() -> open(files)).hasMessageContaining("cannot be used");
    }

    @Test
    void anAddressThatIsTakenIsRefused() throws Exception {
        try (var site = new Site(temp)) {
            var again =
                    new ControlSettings(site.server.address(), site.files, Identities.roles(), Duration.ofSeconds(1));

            assertThatThrownBy(() -> ControlServer.open(again, site.parts()))
                    .hasMessageContaining("cannot listen at its address");
        }
    }

    @Test
    void awayFromLoopbackItIsServedWithCertificatesOnly() throws Exception {
        TlsFiles files = Identities.server(temp, Identities.of("server"));
        var everywhere = new InetSocketAddress("0.0.0.0", 7443);

        assertThatThrownBy(() -> new ControlSettings(everywhere, null, Identities.roles(), Duration.ZERO))
                .hasMessageContaining("certificates at both ends");
        assertThat(new ControlSettings(everywhere, files, Identities.roles(), Duration.ZERO).tls())
                .isEqualTo(files);
        assertThatThrownBy(() -> new ControlSettings(
                        InetSocketAddress.createUnresolved("nowhere", 1), files, Identities.roles(), Duration.ZERO))
                .hasMessageContaining("is not known");
        assertThatThrownBy(() -> new ControlSettings(everywhere, files, Identities.roles(), Duration.ofSeconds(51)))
                .hasMessageContaining("50 s");
    }

    private static String plain(int port, String path, String host) throws IOException {
        try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void withoutCertificatesThisMachineSeesMetricsAndHealthOnly() throws Exception {
        var settings = new ControlSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                RoleMap.of(Map.of()),
                Duration.ofSeconds(1));
        var parts = new ControlServer.Parts(
                new FakeControl(), call -> {}, () -> "up 1\n", wrong -> {}, new org.medbackup.testkit.ManualTime());
        try (ControlServer server = ControlServer.open(settings, parts)) {
            int port = server.address().getPort();

            assertThat(server.findings()).isEmpty();
            assertThat(plain(port, "/metrics", "127.0.0.1:" + port))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("up 1\n");
            assertThat(plain(port, "/health/live", "localhost")).startsWith("HTTP/1.1 200");
            assertThat(plain(port, "/v1/jobs", "localhost")).startsWith("HTTP/1.1 403");
            assertThat(plain(port, "/metrics", "page.example")).startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void theManagersOfTheServerDoNotActAsAClient() throws Exception {
        TlsFiles files = Identities.server(temp, Identities.of("server"));
        LiveTls tls = LiveTls.open(files, new org.medbackup.testkit.ManualTime());
        var seen = new ConcurrentHashMap<String, Boolean>();
        SSLContext context = tls.context();
        try (var listening =
                        context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var calling = (SSLSocket) context.getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
            Thread server = Thread.ofVirtual().start(() -> {
                try (var accepted = (SSLSocket) listening.accept()) {
                    accepted.setNeedClientAuth(true);
                    accepted.startHandshake();
                } catch (IOException refused) {
                    seen.put("refused", true);
                }
            });

            assertThatThrownBy(calling::startHandshake).hasMessageContaining("this is a server");
            server.join();
            assertThat(seen).containsKey("refused");
        }
    }
}
