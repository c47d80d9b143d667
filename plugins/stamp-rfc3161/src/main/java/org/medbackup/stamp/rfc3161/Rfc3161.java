package org.medbackup.stamp.rfc3161;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.stamp.Timestamps;

/** Time-stamps of RFC 3161 over HTTP (its section 3.4), by SHA-256. */
record Rfc3161(Set<TrustAnchor> anchors) implements Timestamps {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** More than a token with a long chain of certificates has. */
    private static final int LONGEST = 256 * 1024;

    private static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";

    @Override
    public byte[] stamp(URI service, byte[] content) {
        var generator = new TimeStampRequestGenerator();
        generator.setCertReq(true);
        TimeStampRequest request = generator.generate(
                TSPAlgorithms.SHA256,
                sha256(content),
                new BigInteger(1, Entropy.system().bytes(Long.BYTES)));
        try {
            var response = new TimeStampResponse(asked(service, request.getEncoded()));
            response.validate(request);
            TimeStampToken token = response.getTimeStampToken();
            if (token == null) {
                throw failed("the service refused: status " + response.getStatus(), null);
            }
            byte[] encoded = token.getEncoded();
            time(encoded, content);
            return encoded;
        } catch (IOException | TSPException unusable) {
            throw failed("what the service answered is no time-stamp of what it was asked for", unusable);
        }
    }

    private static byte[] asked(URI service, byte[] request) {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpRequest asking = HttpRequest.newBuilder(service)
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/timestamp-query")
                    .POST(BodyPublishers.ofByteArray(request))
                    .build();
            HttpResponse<InputStream> answer = client.send(asking, BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() != 200) {
                    throw failed("the service answered with status " + answer.statusCode(), null);
                }
                return body.readNBytes(LONGEST);
            }
        } catch (IOException | IllegalArgumentException unreachable) {
            throw failed("the service does not answer", unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while a time-stamp was asked for", interrupted);
        }
    }

    @Override
    public Instant time(byte[] token, byte[] content) {
        try {
            var read = new TimeStampToken(new CMSSignedData(token));
            boolean ours = TSPAlgorithms.SHA256.equals(read.getTimeStampInfo().getMessageImprintAlgOID())
                    && MessageDigest.isEqual(read.getTimeStampInfo().getMessageImprintDigest(), sha256(content));
            if (!ours) {
                throw failed("it attests something else", null);
            }
            Date at = read.getTimeStampInfo().getGenTime();
            read.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer(read, at)));
            return at.toInstant();
        } catch (IOException
                | CMSException
                | TSPException
                | OperatorCreationException
                | GeneralSecurityException
                | IllegalArgumentException malformed) {
            throw failed("it is no time-stamp of a service that is trusted", malformed);
        }
    }

    /** Who signed it, with a chain that leads to a trusted certificate and held at the time. */
    private X509Certificate signer(TimeStampToken token, Date at) throws GeneralSecurityException {
        var converter = new JcaX509CertificateConverter();
        List<X509Certificate> all = new ArrayList<>();
        for (X509CertificateHolder each : token.getCertificates().getMatches(null)) {
            all.add(converter.getCertificate(each));
        }
        X509Certificate signer = all.stream()
                .filter(each -> matches(token, each))
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("it does not hold the certificate of its signer"));
        if (signer.getExtendedKeyUsage() == null
                || !signer.getExtendedKeyUsage().contains(TIME_STAMPING)) {
            throw new GeneralSecurityException("the certificate of its signer is not for time-stamps");
        }
        var wanted = new X509CertSelector();
        wanted.setCertificate(signer);
        var parameters = new PKIXBuilderParameters(anchors, wanted);
        parameters.setDate(at);
        parameters.setRevocationEnabled(false);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(all)));
        CertPathBuilder.getInstance("PKIX").build(parameters);
        return signer;
    }

    private static boolean matches(TimeStampToken token, X509Certificate each) {
        return each.getSerialNumber().equals(token.getSID().getSerialNumber())
                && X500Name.getInstance(each.getIssuerX500Principal().getEncoded())
                        .equals(token.getSID().getIssuer());
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    private static BackupException failed(String why, @Nullable Throwable cause) {
        return cause == null
                ? ErrorCode.AUDIT_TIMESTAMP_FAILED.because(why)
                : ErrorCode.AUDIT_TIMESTAMP_FAILED.because(why, cause);
    }
}
