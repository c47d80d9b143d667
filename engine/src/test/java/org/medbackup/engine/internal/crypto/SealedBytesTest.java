package org.medbackup.engine.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.testkit.SeededEntropy;

class SealedBytesTest {

    private static final byte[] PARENT = Crypto.sha256(new byte[] {1});
    private static final byte[] OTHER = Crypto.sha256(new byte[] {2});
    private static final byte[] CONTEXT = {1, 2, 3};
    private static final byte[] PLAIN = {9, 8, 7, 6};

    private final byte[] sealed = SealedBytes.seal(PARENT, "mb/test/v1", CONTEXT, PLAIN, new SeededEntropy(1));

    private static void refused(byte[] parent, String label, byte[] context, byte[] bytes) {
        assertThatExceptionOfType(UnauthenticException.class)
                .isThrownBy(() -> SealedBytes.open(parent, label, context, bytes));
    }

    @Test
    void theyComeBackUnderTheSameKeyLabelAndContextOnly() throws UnauthenticException {
        assertThat(SealedBytes.open(PARENT, "mb/test/v1", CONTEXT, sealed)).isEqualTo(PLAIN);
        refused(OTHER, "mb/test/v1", CONTEXT, sealed);
        refused(PARENT, "mb/test/v2", CONTEXT, sealed);
        refused(PARENT, "mb/test/v1", new byte[] {1, 2}, sealed);
    }

    @Test
    void everyFlippedByteIsRefused() {
        for (int i = 0; i < sealed.length; i++) {
            byte[] flipped = sealed.clone();
            flipped[i] ^= 0x40;

            refused(PARENT, "mb/test/v1", CONTEXT, flipped);
        }
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);

            assertThatExceptionOfType(length < 64 ? MalformedException.class : UnauthenticException.class)
                    .isThrownBy(() -> SealedBytes.open(PARENT, "mb/test/v1", CONTEXT, cut));
        }
    }

    @Test
    void aRightTagUnderAKeyThatIsNotCommittedToIsRefused() {
        byte[] salt = Arrays.copyOf(sealed, 32);
        byte[] key = Crypto.hkdf(PARENT, salt, "mb/test/v1");
        var body = new byte[PLAIN.length + SegmentCipher.TAG];
        new SegmentCipher(key).seal(0, CONTEXT, PLAIN, 0, PLAIN.length, body, 0);
        byte[] forged = new ByteWriter()
                .raw(salt)
                .raw(Crypto.commitment(OTHER))
                .raw(body)
                .toBytes();
        byte[] right =
                new ByteWriter().raw(salt).raw(Crypto.commitment(key)).raw(body).toBytes();

        assertThat(right).isEqualTo(sealed);
        refused(PARENT, "mb/test/v1", CONTEXT, forged);
    }

    @Test
    void theSameBytesSealedTwiceAreNotTheSame() {
        var entropy = new SeededEntropy(5);

        assertThat(SealedBytes.seal(PARENT, "mb/test/v1", CONTEXT, PLAIN, entropy))
                .isNotEqualTo(SealedBytes.seal(PARENT, "mb/test/v1", CONTEXT, PLAIN, entropy));
    }

    @Test
    void anEmptyTextHasATagToo() throws UnauthenticException {
        byte[] empty = SealedBytes.seal(PARENT, "mb/test/v1", CONTEXT, new byte[0], new SeededEntropy(1));

        assertThat(empty).hasSize(64 + SegmentCipher.TAG);
        assertThat(SealedBytes.open(PARENT, "mb/test/v1", CONTEXT, empty)).isEmpty();
    }
}
