package org.medbackup.notify.common;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/** Authorities of a PEM file (RFC 7468), as TLS wants them. */
final class Authorities {

    private Authorities() {}

    static KeyStore of(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + number++, each);
            }
            if (number > 0) {
                return store;
            }
        } catch (IOException | GeneralSecurityException unusable) {
            throw ChannelOptions.invalid("the file of ca holds no certificates that can be read", unusable);
        }
        throw ChannelOptions.invalid("the file of ca holds no certificates");
    }
}
