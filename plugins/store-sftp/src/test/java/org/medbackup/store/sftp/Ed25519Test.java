package org.medbackup.store.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.junit.jupiter.api.Test;

class Ed25519Test {

    /** RFC 8032, section 7.1, test 1. */
    private static final byte[] SEED =
            HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

    private static final byte[] PUBLIC =
            HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    private final Ed25519 support = new Ed25519();

    private static KeyPair pair(String algorithm) throws Exception {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }

    @Test
    void theLibraryUsesTheJdkAndNotBouncyCastle() {
        Ed25519.ready();

        assertThat(SecurityUtils.getEdDSASupport()).containsInstanceOf(Ed25519.class);
        assertThat(SecurityUtils.isBouncyCastleRegistered()).isFalse();
        assertThat(SecurityUtils.getRegisteredProvider("JDK")
                        .getSecurityProvider()
                        .getName())
                .isEqualTo("SunEC");
    }

    @Test
    void thePublicKeyOfAPrivateOneIsThatOfTheStandard() throws Exception {
        EdECPrivateKey key = support.generateEDDSAPrivateKey(SEED);

        assertThat(support.getPrivateKeyData(key)).isEqualTo(SEED);
        assertThat(support.getPublicKeyData(support.recoverEDDSAPublicKey(key))).isEqualTo(PUBLIC);
        assertThat(support.generateEDDSAPublicKey(PUBLIC)).isEqualTo(support.recoverEDDSAPublicKey(key));
        KeyPair made = pair("Ed25519");
        assertThat(support.recoverEDDSAPublicKey(made.getPrivate())).isEqualTo(made.getPublic());
    }

    @Test
    void whatIsSignedIsVerifiedAndWhatWasChangedIsNot() throws Exception {
        EdECPrivateKey key = support.generateEDDSAPrivateKey(SEED);
        Signature signer = support.getEDDSASigner();
        signer.initSigner(null, key);
        signer.update(null, SEED, 0, 10);
        byte[] signature = signer.sign(null);

        for (int length : new int[] {10, 11}) {
            Signature verifier = support.getEDDSASigner();
            verifier.initVerifier(null, support.generateEDDSAPublicKey(PUBLIC));
            verifier.update(null, SEED, 0, length);
            assertThat(verifier.verify(null, signature)).isEqualTo(length == 10);
        }
    }

    @Test
    void keysAreToldFromThoseOfOtherKinds() throws Exception {
        KeyPair ours = pair("Ed25519");
        KeyPair other = pair("EC");

        assertThat(support.getEDDSAKeySize(ours.getPublic())).isEqualTo(256);
        assertThat(support.getEDDSAKeySize(ours.getPrivate())).isEqualTo(256);
        assertThat(support.getEDDSAKeySize(other.getPublic())).isEqualTo(-1);
        assertThat(support.getEDDSAPublicKeyType()).isEqualTo(EdECPublicKey.class);
        assertThat(support.getEDDSAPrivateKeyType()).isEqualTo(EdECPrivateKey.class);
        assertThat(support.getKeyFactoryAlgorithm()).isEqualTo("Ed25519");
        PublicKey same = KeyFactory.getInstance("Ed25519")
                .generatePublic(support.createPublicKeySpec((EdECPublicKey) ours.getPublic()));
        assertThat(support.compareEDDSAPPublicKeys(ours.getPublic(), same)).isTrue();
        assertThat(support.compareEDDSAPPublicKeys(other.getPublic(), other.getPublic()))
                .isFalse();
        PrivateKey samePrivate = KeyFactory.getInstance("Ed25519")
                .generatePrivate(support.createPrivateKeySpec((EdECPrivateKey) ours.getPrivate()));
        assertThat(support.compareEDDSAPrivateKeys(ours.getPrivate(), samePrivate))
                .isTrue();
        assertThat(support.compareEDDSAPrivateKeys(other.getPrivate(), other.getPrivate()))
                .isFalse();
    }

    @Test
    void keysGoOverTheWireInTheirRawForm() throws Exception {
        var buffer = support.putRawEDDSAPublicKey(new ByteArrayBuffer(), support.generateEDDSAPublicKey(PUBLIC));

        assertThat(Arrays.copyOfRange(buffer.getCompactData(), 4, 36)).isEqualTo(PUBLIC);
        KeyPair other = pair("EC");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> support.putRawEDDSAPublicKey(new ByteArrayBuffer(), other.getPublic()));
        assertThatThrownBy(() -> support.putEDDSAKeyPair(new ByteArrayBuffer(), other.getPublic(), other.getPrivate()))
                .isInstanceOf(UnsupportedOperationException.class);
        KeyPair longer = pair("X25519");
        assertThatThrownBy(() -> support.recoverEDDSAPublicKey(longer.getPrivate()))
                .isInstanceOf(java.security.InvalidKeyException.class);
        KeyPair ed448 = pair("Ed448");
        assertThat(support.getPrivateKeyData((EdECPrivateKey) ed448.getPrivate()))
                .hasSize(57);
    }

    @Test
    void decodersAreThoseForItsKeys() {
        assertThat(support.getEDDSAPublicKeyEntryDecoder().getPublicKeyType()).isEqualTo(EdECPublicKey.class);
        assertThat(support.getOpenSSHEDDSAPrivateKeyEntryDecoder().getPrivateKeyType())
                .isEqualTo(EdECPrivateKey.class);
    }
}
