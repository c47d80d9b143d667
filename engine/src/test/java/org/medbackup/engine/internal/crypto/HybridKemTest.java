package org.medbackup.engine.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.testkit.SeededEntropy;

class HybridKemTest {

    private static final HybridKem.Pair PAIR = HybridKem.generate(new SeededEntropy(1));
    private static final HybridKem.Pair OTHER = HybridKem.generate(new SeededEntropy(2));
    private static final HybridKem.Sealed SEALED = HybridKem.encapsulate(PAIR.recipient(), new SeededEntropy(3));

    @Test
    void whoHasThePrivateHalvesGetsTheSecret() {
        assertThat(SEALED.encapsulation()).hasSize(HybridKem.ENCAPSULATION);
        assertThat(SEALED.secret()).hasSize(32);
        assertThat(HybridKem.decapsulate(PAIR.opener(), SEALED.encapsulation())).isEqualTo(SEALED.secret());
    }

    @Test
    void anybodyElseGetsAnotherSecret() {
        byte[] secret = HybridKem.decapsulate(OTHER.opener(), SEALED.encapsulation());
        var half = new HybridKem.Opener(PAIR.opener().x25519(), OTHER.opener().mlKemSeed());
        var otherHalf =
                new HybridKem.Opener(OTHER.opener().x25519(), PAIR.opener().mlKemSeed());

        assertThat(secret).isNotEqualTo(SEALED.secret());
        assertThat(HybridKem.decapsulate(half, SEALED.encapsulation())).isNotEqualTo(SEALED.secret());
        assertThat(HybridKem.decapsulate(otherHalf, SEALED.encapsulation())).isNotEqualTo(SEALED.secret());
    }

    @Test
    void everySecretIsAnother() {
        var entropy = new SeededEntropy(4);

        assertThat(HybridKem.encapsulate(PAIR.recipient(), entropy).secret())
                .isNotEqualTo(HybridKem.encapsulate(PAIR.recipient(), entropy).secret());
    }

    @Test
    void aChangedEncapsulationGivesAnotherSecret() {
        for (int at = 0; at < HybridKem.ENCAPSULATION; at += at < 32 ? 1 : 29) {
            byte[] changed = SEALED.encapsulation().clone();
            changed[at] ^= 1;

            assertThat(HybridKem.decapsulate(PAIR.opener(), changed))
                    .as("byte %d", at)
                    .hasSize(32)
                    .isNotEqualTo(SEALED.secret());
        }
    }

    /** Points of small order (RFC 7748, section 6.1, and Bernstein's list) make the shared secret zero. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void aPointOfSmallOrderOpensNothing(String point) {
        byte[] changed = SEALED.encapsulation().clone();
        System.arraycopy(HexFormat.of().parseHex(point), 0, changed, 0, 32);

        assertThat(HybridKem.decapsulate(PAIR.opener(), changed)).hasSize(32).isNotEqualTo(SEALED.secret());
    }

    @Test
    void wrongLengthsAreRefused() {
        byte[] cut = Arrays.copyOf(SEALED.encapsulation(), 1119);

        assertThatIllegalArgumentException().isThrownBy(() -> HybridKem.decapsulate(PAIR.opener(), cut));
        assertThatIllegalArgumentException().isThrownBy(() -> new HybridKem.Recipient(new byte[32], new byte[1183]));
        assertThatIllegalArgumentException().isThrownBy(() -> new HybridKem.Opener(new byte[31], new byte[64]));
    }
}
