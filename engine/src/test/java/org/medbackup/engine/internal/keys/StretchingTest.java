package org.medbackup.engine.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.internal.Rings;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.testkit.SeededEntropy;

class StretchingTest {

    private static final byte[] REPOSITORY = Rings.OWNER.repository();

    @Test
    void newRepositoriesTakeTheSecondRecommendedParametersOfRfc9106() {
        assertThat(Stretching.of(KeyDerivation.ARGON2ID)).isEqualTo(new Stretching.Argon2id(65_536, 3, 4));
        assertThat(Stretching.of(KeyDerivation.ARGON2ID).label()).isEqualTo("Argon2id");
        assertThat(Stretching.of(KeyDerivation.PBKDF2)).isEqualTo(new Stretching.Pbkdf2(210_000));
        assertThat(Stretching.of(KeyDerivation.PBKDF2).label()).isEqualTo("PBKDF2-HMAC-SHA-512");
    }

    @Test
    void argon2idGivesWhatTheReferenceImplementationGives() {
        // Test vector of the reference implementation: argon2id, version 0x13, t=2, m=2^8 KiB, p=1, 32 bytes.
        var generator = new org.bouncycastle.crypto.generators.Argon2BytesGenerator();
        generator.init(new org.bouncycastle.crypto.params.Argon2Parameters.Builder(
                        org.bouncycastle.crypto.params.Argon2Parameters.ARGON2_id)
                .withVersion(0x13)
                .withMemoryAsKB(256)
                .withIterations(2)
                .withParallelism(1)
                .withSalt("somesalt".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .build());
        var key = new byte[32];
        generator.generateBytes("password".getBytes(java.nio.charset.StandardCharsets.US_ASCII), key);

        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo("9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
    }

    @Test
    void aRingWrappedByEitherFunctionOpensWithItsPassphraseOnly() {
        for (Stretching each : new Stretching[] {new Stretching.Argon2id(64, 1, 2), new Stretching.Pbkdf2(3)}) {
            byte[] object = WrappedKey.wrap(Rings.OWNER, Secret.ofText("päss"), each, new SeededEntropy(1));

            assertThat(WrappedKey.stretching(object, REPOSITORY)).isEqualTo(each);
            assertThat(WrappedKey.unwrap(object, REPOSITORY, Secret.ofText("päss"))
                            .encode())
                    .isEqualTo(Rings.OWNER.encode());
            assertThatExceptionOfType(UsageException.class)
                    .isThrownBy(() -> WrappedKey.unwrap(object, REPOSITORY, Secret.ofText("pass")))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.WRONG_PASSWORD));
        }
    }

    @ParameterizedTest(name = "{0} KiB, {1} passes, {2} lanes")
    @CsvSource({
        "104857600, 3, 4",
        "1048577, 3, 4",
        "4294967295, 4294967295, 4294967295",
        "65536, 65, 4",
        "65536, 0, 4",
        "65536, 3, 65",
        "65536, 3, 0",
        "31, 3, 4"
    })
    void aKeyObjectThatAsksForMoreThanIsReasonableIsRefusedBeforeAnyWork(long memory, long passes, long lanes) {
        byte[] parameters =
                new ByteWriter().u8(2).u32(memory).u32(passes).u32(lanes).toBytes();

        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> Stretching.decode(new ByteReader(parameters)))
                .withMessageContaining("out of bounds");
        byte[] object = Envelope.wrap(
                Envelope.Kind.KEY,
                REPOSITORY,
                new ByteWriter().raw(parameters).raw(new byte[200]).toBytes());
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> WrappedKey.unwrap(object, REPOSITORY, Secret.ofText("p")));
        assertThatExceptionOfType(DamageException.class).isThrownBy(() -> WrappedKey.stretching(object, REPOSITORY));
    }

    @ParameterizedTest(name = "{0} rounds")
    @CsvSource({"0", "20000001", "4294967295"})
    void roundsAreBoundedToo(long rounds) {
        byte[] parameters = new ByteWriter().u8(1).u32(rounds).toBytes();

        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> Stretching.decode(new ByteReader(parameters)));
    }

    @Test
    void aHeapThatIsTooSmallIsNamedAsSuch() {
        var usual = new Stretching.Argon2id(65_536, 3, 4);

        usual.requireHeap(192 * 1024);
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(() -> usual.requireHeap(96 * 1024))
                .withMessageContaining("64 MiB")
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.MEMORY_TOO_SMALL));
    }
}
