package org.medbackup.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** Whom TLS trusts. */
public final class Authorities {

    private Authorities() {}

    /**
     * TLS that trusts the authorities of a PEM file and nobody else.
     *
     * @param file that an option of the configuration names
     * @param option the name of that option
     * @param code of the failure where it cannot be used
     * @throws BackupException with that code where the file holds no certificates
     */
    public static SSLContext only(Path file, String option, ErrorCode code) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            X509ExtendedTrustManager manager = trusting(Pem.certificates(Files.readAllBytes(file)));
            context.init(null, new X509ExtendedTrustManager[] {manager}, null);
            return context;
        } catch (IOException | GeneralSecurityException unusable) {
            throw code.because("the file of " + option + " holds no certificates that can be read", unusable);
        }
    }

    /**
     * Checks a chain against some authorities (RFC 5280, section 6).
     *
     * @throws GeneralSecurityException where one of them cannot be used
     */
    public static X509ExtendedTrustManager trusting(List<X509Certificate> authorities) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
        int number = 0;
        for (X509Certificate each : authorities) {
            store.setCertificateEntry("authority-" + number++, each);
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        return (X509ExtendedTrustManager) managers.getTrustManagers()[0];
    }
}
