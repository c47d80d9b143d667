package org.medbackup.engine.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.internal.Mutations;
import org.medbackup.engine.internal.Rings;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.testkit.SeededEntropy;

class KeyRingTest {

    @Test
    void aRingComesBackWithAllItsKeys() {
        byte[] encoded = Rings.OWNER.encode();
        KeyRing ring = KeyRing.decode(encoded);

        assertThat(ring.encode()).isEqualTo(encoded);
        assertThat(ring.role()).isEqualTo(KeyRole.OWNER);
        assertThat(ring.repository()).isEqualTo(Rings.OWNER.repository());
        assertThat(ring.reads()).isTrue();
        for (KeyDomain domain : Rings.OWNER.domains()) {
            KeyDomain other = ring.domain(domain.id()).orElseThrow();
            assertThat(other.name()).isEqualTo(domain.name());
            assertThat(other.idKey()).isEqualTo(domain.idKey());
            assertThat(other.cutKey()).isEqualTo(domain.cutKey());
        }
        assertThat(ring.admin().requireSigning().verifying().ed25519())
                .isEqualTo(ring.admin().verifying().ed25519());
    }

    @Test
    void aWriterSealsWhatTheOwnerOpensAndReadsNothing() {
        KeyRing writer = KeyRing.decode(Rings.WRITER.encode());
        HybridKem.Sealed sealed = HybridKem.encapsulate(writer.names().recipient(), new SeededEntropy(1));

        assertThat(HybridKem.decapsulate(Rings.OWNER.names().openedBy().orElseThrow(), sealed.encapsulation()))
                .isEqualTo(sealed.secret());
        assertThat(writer.role()).isEqualTo(KeyRole.WRITER);
        assertThat(writer.domains())
                .hasSize(3)
                .allSatisfy(domain -> assertThat(domain.openedBy()).isEmpty());
        assertThat(writer.admin().signing()).isEmpty();
        assertThat(writer.admin().verifying().ed25519())
                .isEqualTo(Rings.OWNER.admin().verifying().ed25519());
        assertThat(writer.signer().ed25519Seed())
                .isNotEqualTo(Rings.OWNER.signer().ed25519Seed());
        assertThat(writer.names().idKey()).isEqualTo(Rings.OWNER.names().idKey());
        assertThat(writer.reads()).isFalse();
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(writer::requireReading)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.KEY_ROLE_INSUFFICIENT));
    }

    @Test
    void noBytesOfAWritersRingArePrivateHalvesOfTheOwner() {
        String writer = java.util.HexFormat.of().formatHex(Rings.WRITER.encode());

        for (KeyDomain domain : Rings.OWNER.domains()) {
            HybridKem.Opener opener = domain.openedBy().orElseThrow();
            assertThat(writer)
                    .doesNotContain(java.util.HexFormat.of().formatHex(opener.x25519()))
                    .doesNotContain(java.util.HexFormat.of().formatHex(opener.mlKemSeed(), 0, 16));
        }
    }

    @Test
    void domainsHaveUnrelatedKeys() {
        assertThat(Rings.OWNER.domains().stream()
                        .map(domain -> java.util.HexFormat.of().formatHex(domain.idKey())))
                .doesNotHaveDuplicates();
        assertThat(Rings.OWNER.names().kind()).isEqualTo(KeyDomain.Kind.META);
        assertThat(Rings.OWNER.references().kind()).isEqualTo(KeyDomain.Kind.REFERENCES);
        assertThat(Rings.OWNER.domain(99)).isEmpty();
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Rings.OWNER.domain(KeyDomain.Kind.DATA, "psychiatry"));
    }

    @Test
    void aRingPrintsItsRoleAndNoKey() {
        assertThat(Rings.OWNER).hasToString("KeyRing[OWNER]");
        assertThat(Rings.WRITER).hasToString("KeyRing[WRITER]");
    }

    @Test
    void fieldsOfALaterVersionArePassedOverAndMissingOnesAreNot() {
        byte[] encoded = Rings.OWNER.encode();
        byte[] later =
                new ByteWriter().raw(encoded).field(77, new byte[] {1, 2, 3}).toBytes();

        assertThat(KeyRing.decode(later).encode()).isEqualTo(encoded);
        byte[] fixed = java.util.Arrays.copyOf(encoded, 1 + 16 + 3 * 32);
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> KeyRing.decode(fixed))
                .withMessageContaining("incomplete");
    }

    static LongStream seeds() {
        return Seeds.of(3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedRingsAreReadOrRefusedAsMalformed(long seed) {
        Mutations.areReadOrRefused(Rings.WRITER.encode(), seed, KeyRing::decode, MalformedException.class);
        Mutations.areReadOrRefused(Rings.OWNER.encode(), seed, KeyRing::decode, MalformedException.class);
    }
}
