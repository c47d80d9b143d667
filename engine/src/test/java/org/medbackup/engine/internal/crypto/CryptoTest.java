package org.medbackup.engine.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the answers that the standards print. */
class CryptoTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void sha256AnswersAsFips180Says() {
        assertThat(Crypto.sha256("abc".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }

    @ParameterizedTest(name = "RFC 4231, case {0}")
    @CsvSource({
        "1, 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 4869205468657265,"
                + " b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "2, 4a656665, 7768617420646f2079612077616e7420666f72206e6f7468696e673f,"
                + " 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "4, 0102030405060708090a0b0c0d0e0f10111213141516171819,"
                + " cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd,"
                + " 82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    })
    void hmacAnswersAsRfc4231Says(int number, String key, String data, String answer) {
        assertThat(Crypto.hmac(hex(key), hex(data))).isEqualTo(hex(answer));
    }

    @ParameterizedTest(name = "RFC 5869, case {0}")
    @CsvSource({
        "1, 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 000102030405060708090a0b0c, f0f1f2f3f4f5f6f7f8f9,"
                + " 3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
        "3, 0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, '', '',"
                + " 8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    })
    void hkdfAnswersAsRfc5869Says(int number, String secret, String salt, String info, String answer) {
        assertThat(Crypto.hkdf(hex(secret), hex(salt), "", hex(info))).isEqualTo(hex(answer));
    }

    @Test
    void labelAndContextTogetherAreTheInfoOfHkdf() {
        byte[] secret = hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
        byte[] salt = hex("000102030405060708090a0b0c");
        byte[] label = "mb/x".getBytes(StandardCharsets.US_ASCII);

        assertThat(Crypto.hkdf(secret, salt, "mb/x", new byte[] {1}, new byte[] {2, 3}))
                .isEqualTo(Crypto.hkdf(secret, salt, "", label, new byte[] {1, 2, 3}))
                .isNotEqualTo(Crypto.hkdf(secret, salt, "mb/y", new byte[] {1, 2, 3}));
    }

    @Test
    void aCommitmentIsTheKeyedDigestOfItsLabel() {
        byte[] key = Crypto.sha256(new byte[] {7});

        assertThat(Crypto.commitment(key))
                .isEqualTo(Crypto.hmac(key, "mb/commit/v1".getBytes(StandardCharsets.US_ASCII)))
                .isNotEqualTo(Crypto.commitment(Crypto.sha256(new byte[] {8})));
    }
}
