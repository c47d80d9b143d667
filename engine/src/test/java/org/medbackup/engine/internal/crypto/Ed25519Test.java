package org.medbackup.engine.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519Test {

    private static final byte[] SEED = Crypto.sha256(new byte[] {1});
    private static final byte[] PUBLIC = Ed25519.publicKey(SEED);
    private static final byte[] MESSAGE = {1, 2, 3};

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @ParameterizedTest(name = "RFC 8032, 7.1, test {0}")
    @CsvSource({
        "1, 9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + " d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '',"
                + " e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                + "d25bf5f0595bbe24655141438e7a100b",
        "2, 4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + " 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72,"
                + " 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                + "387b2eaeb4302aeeb00d291612bb0c00",
        "3, c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + " fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82,"
                + " 6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                + "4a7c15e9716ed28dc027beceea1ec40a"
    })
    void itAnswersAsRfc8032Says(int number, String seed, String publicKey, String message, String signature) {
        assertThat(Ed25519.publicKey(hex(seed))).isEqualTo(hex(publicKey));
        assertThat(Ed25519.sign(hex(seed), hex(message))).isEqualTo(hex(signature));
        assertThat(Ed25519.verify(hex(publicKey), hex(message), hex(signature))).isTrue();
    }

    @Test
    void aSignatureIsOfOneKeyAndOneMessage() {
        byte[] signature = Ed25519.sign(SEED, MESSAGE);

        assertThat(Ed25519.verify(PUBLIC, MESSAGE, signature)).isTrue();
        assertThat(Ed25519.verify(PUBLIC, new byte[] {1, 2, 4}, signature)).isFalse();
        assertThat(Ed25519.verify(Ed25519.publicKey(new byte[32]), MESSAGE, signature))
                .isFalse();
    }

    @Test
    void everyFlippedByteOfASignatureMakesItNone() {
        byte[] signature = Ed25519.sign(SEED, MESSAGE);
        for (int i = 0; i < signature.length; i++) {
            byte[] flipped = signature.clone();
            flipped[i] ^= (byte) 0x81;

            assertThat(Ed25519.verify(PUBLIC, MESSAGE, flipped)).isFalse();
        }
        assertThat(Ed25519.verify(PUBLIC, MESSAGE, Arrays.copyOf(signature, 63)))
                .isFalse();
        assertThat(Ed25519.verify(PUBLIC, MESSAGE, new byte[64])).isFalse();
    }

    @ParameterizedTest(name = "case {index}")
    @ValueSource(
            strings = {
                "",
                "00",
                "0200000000000000000000000000000000000000000000000000000000000000",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void whatIsNoPublicKeyVerifiesNothing(String key) {
        assertThat(Ed25519.verify(hex(key), MESSAGE, Ed25519.sign(SEED, MESSAGE)))
                .isFalse();
    }
}
