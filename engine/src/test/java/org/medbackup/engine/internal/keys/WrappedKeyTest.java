package org.medbackup.engine.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.engine.internal.Mutations;
import org.medbackup.engine.internal.Rings;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.testkit.SeededEntropy;

class WrappedKeyTest {

    private static final byte[] REPOSITORY = Rings.OWNER.repository();

    private final byte[] object = WrappedKey.wrap(Rings.OWNER, Secret.ofText("päss"), rounds(3), new SeededEntropy(1));

    private static Stretching.Pbkdf2 rounds(int rounds) {
        return new Stretching.Pbkdf2(rounds);
    }

    private KeyRing unwrap(byte[] bytes, String passphrase) {
        return WrappedKey.unwrap(bytes, REPOSITORY, Secret.ofText(passphrase));
    }

    @ParameterizedTest(name = "{0}, {1}, {2} rounds")
    @CsvSource({
        "password, salt, 1",
        "passwordPASSWORDpassword, saltSALTsaltSALTsaltSALTsaltSALTsalt, 4096",
        "a-passphrase-that-is-longer-than-one-block-of-the-digest-which-has-one-hundred-and-twenty-eight"
                + "-bytes-so-that-it-is-hashed-before-it-is-a-key, NaCl, 7"
    })
    void stretchingAgreesWithTheJdksOwn(String passphrase, String salt, int rounds) throws GeneralSecurityException {
        var spec = new PBEKeySpec(passphrase.toCharArray(), salt.getBytes(StandardCharsets.UTF_8), rounds, 512);
        byte[] jdk = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                .generateSecret(spec)
                .getEncoded();

        assertThat(rounds(rounds).stretch(passphrase, salt)).isEqualTo(jdk);
    }

    @Test
    void theRightPassphraseGivesTheRing() {
        assertThat(unwrap(object, "päss").encode()).isEqualTo(Rings.OWNER.encode());
    }

    @Test
    void anEmptyPassphraseIsOneToo() {
        byte[] empty = WrappedKey.wrap(Rings.OWNER, Secret.ofText(""), rounds(1), new SeededEntropy(1));

        assertThat(unwrap(empty, "").encode()).isEqualTo(Rings.OWNER.encode());
    }

    @Test
    void aWrongPassphraseIsNoDamageAndDamageIsNoWrongPassphrase() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> unwrap(object, "pass"))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.WRONG_PASSWORD));
        for (int at = 0; at < object.length; at += 7) {
            byte[] flipped = object.clone();
            flipped[at] ^= 1;
            assertThatExceptionOfType(DamageException.class).isThrownBy(() -> unwrap(flipped, "päss"));
        }
    }

    @Test
    void aKeyOfAnotherRepositoryIsDamage() {
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> WrappedKey.unwrap(object, Rings.STRANGER.repository(), Secret.ofText("päss")))
                .withMessageContaining("belongs to repository");
    }

    @Test
    void anotherFunctionOfStretchingIsSaidToBeTooNew() {
        byte[] body = Envelope.unwrap(object).body();
        body[0] = 3;
        byte[] later = Envelope.wrap(Envelope.Kind.KEY, REPOSITORY, body);

        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> unwrap(later, "päss"))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.REPOSITORY_TOO_NEW));
    }

    @Test
    void aRingThatIsNoneIsDamage() {
        byte[] key = rounds(1).stretch("p", "x".repeat(32));
        byte[] sealed = SealedBytes.seal(key, "mb/wrap/v1", REPOSITORY, new byte[] {1, 2}, new SeededEntropy(1));
        byte[] body = new ByteWriter()
                .u8(1)
                .u32(1)
                .raw("x".repeat(32).getBytes(StandardCharsets.US_ASCII))
                .raw(sealed)
                .toBytes();
        byte[] wrapped = Envelope.wrap(Envelope.Kind.KEY, REPOSITORY, body);

        assertThatExceptionOfType(DamageException.class).isThrownBy(() -> unwrap(wrapped, "p"));
    }

    @Test
    void damagedBodiesAreRefusedInTheirOwnWords() {
        byte[] body = Envelope.unwrap(object).body();
        // The rounds stay as they are: a large number of them is allowed, and slow.
        byte[] salted = java.util.Arrays.copyOfRange(body, 5, body.length);
        Mutations.areReadOrRefused(
                salted,
                1,
                bytes -> {
                    byte[] changed = new ByteWriter().u8(1).u32(3).raw(bytes).toBytes();
                    unwrap(Envelope.wrap(Envelope.Kind.KEY, REPOSITORY, changed), "päss");
                },
                BackupException.class);
    }
}
