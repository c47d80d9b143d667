package org.medbackup.stamp.rfc3161;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.stream.Collectors;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.stamp.TimestampProvider;
import org.medbackup.core.spi.stamp.Timestamps;

/** Opens time-stamps of RFC 3161. */
public final class Rfc3161Provider implements TimestampProvider {

    @Override
    public Timestamps trusting(Path authorities) {
        try (InputStream in = Files.newInputStream(authorities)) {
            Set<TrustAnchor> anchors = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(each -> new TrustAnchor((X509Certificate) each, null))
                    .collect(Collectors.toSet());
            if (anchors.isEmpty()) {
                throw ErrorCode.AUDIT_TIMESTAMP_FAILED.because("the file of its authorities holds no certificate");
            }
            return new Rfc3161(anchors);
        } catch (IOException | CertificateException unreadable) {
            throw ErrorCode.AUDIT_TIMESTAMP_FAILED.because("the file of its authorities cannot be read", unreadable);
        }
    }
}
