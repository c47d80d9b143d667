package org.medbackup.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class PemTest {

    /** Made for this test: CN=clinic, on curve P-256. */
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBejCCAR+gAwIBAgIUWLHzi5D/2BpCn6LZ7mcRNFTCobswCgYIKoZIzj0EAwIw
            ETEPMA0GA1UEAwwGY2xpbmljMCAXDTI2MTEyNzAyMDcyN1oYDzIxMjYxMTAzMDIw
            NzI3WjARMQ8wDQYDVQQDDAZjbGluaWMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
            AAQ2hcv8Xbgurm+7faWscplNkePTl13NwwSUNmx4C83kBRbG2Ectwg7mZxXy8NrD
            DbvKZ3c0SMg14P4dAuEDNzrMo1MwUTAdBgNVHQ4EFgQULqoOKKD0DSPzAX9MDn3C
            QFD9bp4wHwYDVR0jBBgwFoAULqoOKKD0DSPzAX9MDn3CQFD9bp4wDwYDVR0TAQH/
            BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAraYRZCJMWe8qxnVcU2w4GCxPpGBj
            4E5uXSMN+P3FDr8CIQCY00+yKw3ovY/vslGcsOHzchW1NE13qddWHO65GyTq6w==
            -----END CERTIFICATE-----
            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String pem(byte[] key) {
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                + "\n-----END PRIVATE KEY-----\n";
    }

    @Test
    void certificatesComeInTheirOrderWithTextAround() throws CertificateException {
        List<X509Certificate> both = Pem.certificates(bytes("of the clinic\n" + CERTIFICATE + "\n" + CERTIFICATE));

        assertThat(both)
                .hasSize(2)
                .allSatisfy(each ->
                        assertThat(each.getSubjectX500Principal().getName()).isEqualTo("CN=clinic"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "of the clinic", "-----BEGIN CERTIFICATE-----\nx\n"})
    void aTextWithoutCertificatesIsRefused(String text) {
        assertThatThrownBy(() -> Pem.certificates(bytes(text))).isInstanceOf(CertificateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void keysOfEachKindAreRead(String algorithm) throws GeneralSecurityException {
        PrivateKey key =
                KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();

        assertThat(Pem.privateKey(bytes("before\n" + pem(key.getEncoded()) + "after")))
                .isEqualTo(key);
    }

    @Test
    void whatIsNoKeyIsRefusedAndNotRepeated() throws GeneralSecurityException {
        String dh = pem(KeyPairGenerator.getInstance("X25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded());

        for (String text :
                List.of("", dh, pem(bytes("geheim")), pem(new byte[0]).replace("\n\n", "\n=A\n"))) {
            assertThatThrownBy(() -> Pem.privateKey(bytes(text)))
                    .isInstanceOf(GeneralSecurityException.class)
                    .hasMessageNotContaining("geheim")
                    .hasMessageNotContaining("Z2VoZWlt");
        }
    }

    @Test
    void onlyTheAuthoritiesOfTheFileAreTrusted(@TempDir Path temp) throws Exception {
        Path file = Files.writeString(temp.resolve("ca.pem"), CERTIFICATE);

        assertThat(Authorities.only(file, "ca", ErrorCode.CHANNEL_INVALID).getProtocol())
                .isEqualTo("TLS");
        assertThat(Authorities.trusting(Pem.certificates(bytes(CERTIFICATE))).getAcceptedIssuers())
                .containsExactlyElementsOf(Pem.certificates(bytes(CERTIFICATE)));
    }

    @Test
    void aFileThatCannotBeUsedIsAFailureOfTheGivenCodeThatNamesTheOption(@TempDir Path temp) throws Exception {
        Path empty = Files.createFile(temp.resolve("empty"));

        for (Path file : List.of(empty, temp.resolve("missing"))) {
            assertThatThrownBy(() -> Authorities.only(file, "caFile", ErrorCode.CREDENTIAL_UNREADABLE))
                    .isInstanceOfSatisfying(BackupException.class, failed -> {
                        assertThat(failed.code()).isEqualTo(ErrorCode.CREDENTIAL_UNREADABLE);
                        assertThat(failed.describe()).contains("caFile").doesNotContain(temp.toString());
                    });
        }
    }
}
