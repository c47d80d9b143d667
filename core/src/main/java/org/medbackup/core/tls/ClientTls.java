package org.medbackup.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/** TLS of a client that shows who it is. */
public final class ClientTls {

    private ClientTls() {}

    /**
     * TLS with a certificate of our own.
     *
     * @param authorities PEM file of the only ones to trust; null for those of the JDK
     * @param certificates PEM file of our certificate, with those between it and its authority behind it
     * @param key PEM file of its private key, PKCS 8 without a passphrase
     * @param code of the failure where one of them cannot be used
     * @throws org.medbackup.core.error.BackupException with that code; its message names no file
     */
    public static SSLContext of(@Nullable Path authorities, Path certificates, Path key, ErrorCode code) {
        try {
            List<X509Certificate> chain = Pem.certificates(Files.readAllBytes(certificates));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "client",
                    Pem.privateKey(Files.readAllBytes(key)),
                    new char[0],
                    chain.toArray(X509Certificate[]::new));
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), trusted(authorities), null);
            return context;
        } catch (IOException | GeneralSecurityException unusable) {
            throw code.because("the files of certificate, key or ca hold nothing that can be used", unusable);
        }
    }

    private static TrustManager @Nullable [] trusted(@Nullable Path authorities)
            throws IOException, GeneralSecurityException {
        return authorities == null
                ? null
                : new TrustManager[] {Authorities.trusting(Pem.certificates(Files.readAllBytes(authorities)))};
    }
}
