package org.medbackup.notify.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;

class LostConnectionTest {

    @Test
    void aCertificateThatIsNotTrustedIsARefusal() {
        for (Exception refused : new Exception[] {
            new IOException(new SSLHandshakeException("x", new CertificateException("y"))),
            new SSLPeerUnverifiedException("x"),
            new SSLHandshakeException("Received fatal alert: certificate_required")
        }) {
            assertThat(LostConnection.as(refused).code()).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
        }
    }

    @Test
    void whatMayPassIsTriedAgain() {
        for (Exception lost : new Exception[] {
            new ConnectException("refused"),
            new SSLHandshakeException("x", new EOFException("y")),
            new SSLHandshakeException("Remote host terminated the handshake"),
            new IOException("z"),
            new IllegalStateException()
        }) {
            assertThat(LostConnection.as(lost).code()).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
        }
    }
}
