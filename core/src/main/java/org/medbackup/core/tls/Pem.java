package org.medbackup.core.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys in their textual encoding (RFC 7468). Messages never hold what was read. */
public final class Pem {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]++)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private Pem() {}

    /**
     * The certificates of a text, in its order; at least one.
     *
     * @throws CertificateException where there is none, or one that cannot be read
     */
    public static List<X509Certificate> certificates(byte[] pem) throws CertificateException {
        List<X509Certificate> found = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (Certificate each : factory.generateCertificates(new ByteArrayInputStream(pem))) {
            found.add((X509Certificate) each);
        }
        if (found.isEmpty()) {
            throw new CertificateException("there is no certificate");
        }
        return List.copyOf(found);
    }

    /**
     * The first private key of a text: PKCS 8 without a passphrase (RFC 7468, section 10), of RSA, of a curve of NIST or an
     * Edwards curve.
     *
     * @throws GeneralSecurityException where there is none that can be read
     */
    public static PrivateKey privateKey(byte[] pem) throws GeneralSecurityException {
        Matcher matcher = KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!matcher.find()) {
            throw new InvalidKeySpecException("there is no private key in PKCS 8 without a passphrase");
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(matcher.group(1));
        } catch (IllegalArgumentException malformed) {
            throw new InvalidKeySpecException("the private key is not in Base64");
        }
        try {
            return decoded(encoded);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static PrivateKey decoded(byte[] encoded) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException another) {
                // The next one may.
            }
        }
        throw new InvalidKeySpecException("the private key is of no known kind");
    }
}
