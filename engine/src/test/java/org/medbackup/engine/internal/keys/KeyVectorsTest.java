package org.medbackup.engine.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.medbackup.core.Secret;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.commit.Certificate;
import org.medbackup.engine.internal.crypto.MlDsa;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.crypto.Shamir;
import org.medbackup.engine.internal.crypto.SigningKey;

/** Known answers about keys that another program made from the description of the format. */
class KeyVectorsTest {

    private static JsonValue.Members vectors(String name) throws IOException {
        try (InputStream in = KeyVectorsTest.class.getResourceAsStream("/vectors/v1/" + name + ".json")) {
            return Json.parseMembers(
                    new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static byte[] hex(JsonValue.Members members, String name) {
        return HexFormat.of().parseHex(members.text(name));
    }

    private static List<String> texts(JsonValue.Members members, String name) {
        return members.items(name).stream()
                .map(each -> ((JsonValue.Text) each).value())
                .toList();
    }

    @Test
    void aPasswordIsStretchedAndARingWrappedAsTheyShouldBe() throws IOException, UnauthenticException {
        JsonValue.Members vectors = vectors("wrapped-key");
        byte[] repository = hex(vectors, "repository");
        byte[] object = hex(vectors, "object");
        Stretching stretching = WrappedKey.stretching(object, repository);
        assertThat(stretching)
                .isEqualTo(new Stretching.Argon2id(
                        vectors.whole("memory"), vectors.whole("passes"), vectors.whole("lanes")));

        byte[] key = stretching.stretch(Secret.ofText(vectors.text("password")), hex(vectors, "stretching_salt"));

        assertThat(key).isEqualTo(hex(vectors, "key"));
        var in = new ByteReader(Envelope.unwrap(Envelope.Kind.KEY, repository, object));
        assertThat(Stretching.decode(in)).isEqualTo(stretching);
        assertThat(in.raw(32)).isEqualTo(hex(vectors, "stretching_salt"));
        assertThat(SealedBytes.open(key, "mb/wrap/v1", repository, in.raw(in.remaining())))
                .isEqualTo(hex(vectors, "plain"));
    }

    @Test
    void sharesAreTheValuesOfTheirPolynomialAndTheirTextsAreRead() throws IOException, UnauthenticException {
        JsonValue.Members vectors = vectors("recovery");
        List<String> coefficients = new ArrayList<>(texts(vectors, "coefficients"));
        var shares = Shamir.split(
                hex(vectors, "secret"),
                3,
                5,
                target -> System.arraycopy(
                        HexFormat.of().parseHex(coefficients.removeFirst()), 0, target, 0, target.length));
        assertThat(shares.values().stream().map(HexFormat.of()::formatHex))
                .containsExactlyElementsOf(texts(vectors, "shares"));
        var parts = new TreeMap<Integer, byte[]>();
        for (String text : texts(vectors, "texts")) {
            RecoveryShare share = RecoveryShare.read(Secret.ofText(text), "the share");
            assertThat(share.write().matches(Secret.ofText(text))).isTrue();
            assertThat(share.sealed()).isEqualTo(hex(vectors, "sealed"));
            parts.put(share.number(), share.part());
        }
        byte[] secret = Shamir.join(parts.tailMap(3));
        byte[] context = new ByteWriter()
                .raw(hex(vectors, "repository"))
                .raw(hex(vectors, "set"))
                .toBytes();

        assertThat(secret).isEqualTo(hex(vectors, "secret"));
        assertThat(SealedBytes.open(secret, "mb/recovery/v1", context, hex(vectors, "sealed")))
                .isEqualTo(hex(vectors, "plain"));
    }

    @Test
    void aCertificateWithTwoPartsIsReadAndHolds() throws IOException {
        JsonValue.Members vectors = vectors("certificate");
        var admin = new SigningKey(hex(vectors, "admin_ed25519"), hex(vectors, "admin_ml_dsa"));
        var holder = new SigningKey(hex(vectors, "holder_ed25519"), hex(vectors, "holder_ml_dsa"));
        var ring = new KeyRing(
                KeyRole.READER,
                hex(vectors, "repository"),
                new byte[32],
                KeyRing.ABSENT,
                KeyRing.ABSENT,
                List.of(),
                holder,
                AdminKey.of(admin).withoutSecret());

        Certificate certificate = Certificate.decode(hex(vectors, "object"), ring);

        assertThat(MlDsa.publicKey(hex(vectors, "admin_ml_dsa"))).isEqualTo(hex(vectors, "admin_ml_dsa_public"));
        assertThat(certificate.name()).isEqualTo(vectors.text("holder"));
        assertThat(certificate.role()).isEqualTo(KeyRole.READER);
        assertThat(certificate.created()).isEqualTo(Instant.ofEpochMilli(vectors.whole("created")));
        assertThat(certificate.name("keys").text()).isEqualTo(vectors.text("name"));
        assertThat(certificate.key().ed25519()).isEqualTo(holder.verifying().ed25519());
        assertThat(certificate.key().mlDsa()).isEqualTo(holder.verifying().mlDsa());
    }
}
