package org.medbackup.app.postgresql.patroni;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.medbackup.core.error.ErrorCode;

/** Whom TLS trusts. */
final class Authorities {

    private Authorities() {}

    /** Only the authorities of a PEM file. */
    static SSLContext of(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + store.size(), each);
            }
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            if (store.size() > 0) {
                return context;
            }
        } catch (IOException | GeneralSecurityException unusable) {
            throw ErrorCode.CREDENTIAL_UNREADABLE.because("the file of patroniCaFile holds no certificates", unusable);
        }
        throw ErrorCode.CREDENTIAL_UNREADABLE.because("the file of patroniCaFile holds no certificates");
    }
}
