package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection is what the proxy makes of it, and a certificate that is over is over. */
class FaultProxyTest {

    @TempDir
    Path temp;

    /** Says the same to each connection, and closes it. */
    private static ServerSocket speaker(byte[] said) throws IOException {
        var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    try (Socket each = socket.accept()) {
                        each.getOutputStream().write(said);
                    }
                }
            } catch (IOException closed) {
                // The end of the test.
            }
        });
        return socket;
    }

    private static int heard(FaultProxy proxy) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            return socket.getInputStream().readAllBytes().length;
        }
    }

    @Test
    void aConnectionIsSpoiltUntilItIsMended() throws IOException {
        try (ServerSocket server = speaker(new byte[1000]);
                FaultProxy proxy = FaultProxy.before(server.getLocalPort(), temp.resolve("log"))) {
            assertThat(heard(proxy)).isEqualTo(1000);

            proxy.spoil("limit_data", false, "\"bytes\": 10");
            assertThat(heard(proxy)).isEqualTo(10);

            proxy.mend("limit_data");
            assertThat(heard(proxy)).isEqualTo(1000);

            proxy.open(false);
            assertThatThrownBy(() -> heard(proxy)).isInstanceOf(IOException.class);
            proxy.open(true);
            assertThat(heard(proxy)).isEqualTo(1000);

            assertThatThrownBy(() -> proxy.spoil("no_such_fault", true, "")).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aCertificateThatIsOverIsIssuedByWhatIsTrusted() throws Exception {
        Path trusted = temp.resolve("trusted.p12");
        TlsIdentity expired = TlsIdentity.expired(temp.resolve("identity"), trusted);

        X509Certificate of = (X509Certificate) store(expired.store()).getCertificate("me");
        KeyStore authorities = store(trusted);

        assertThatThrownBy(of::checkValidity).isInstanceOf(CertificateExpiredException.class);
        of.verify(authorities.getCertificate("authority").getPublicKey());
        assertThat(authorities.isCertificateEntry("authority")).isTrue();
        assertThat(authorities.size()).isEqualTo(1);
    }

    private static KeyStore store(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, TlsIdentity.PASSWORD.toCharArray());
        }
        return store;
    }
}
