package org.medbackup.engine.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.LongStream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;

class SegmentCipherTest {

    private static final int SEGMENT = SegmentCipher.SEGMENT;
    private static final int SEALED = SEGMENT + SegmentCipher.TAG;
    private static final byte[] KEY = Crypto.sha256(new byte[] {1});
    private static final byte[] CONTEXT = {5, 6, 7};

    private final SegmentCipher cipher = new SegmentCipher(KEY);

    private byte[] seal(long number, byte[] plain) {
        var sealed = new byte[(int) SegmentCipher.sealedLength(plain.length)];
        assertThat(cipher.seal(number, CONTEXT, plain, 0, plain.length, sealed, 0))
                .isEqualTo(sealed.length);
        return sealed;
    }

    private byte[] open(long number, byte[] context, byte[] sealed) throws UnauthenticException {
        var target = new byte[sealed.length];
        return Arrays.copyOf(target, cipher.open(number, context, sealed, 0, sealed.length, target, 0));
    }

    private void refused(long number, byte[] context, byte[] sealed) {
        assertThatExceptionOfType(UnauthenticException.class).isThrownBy(() -> open(number, context, sealed));
    }

    /** Test cases 13 and 14 of McGrew and Viega, "The Galois/Counter Mode of Operation", as NIST took them over. */
    @Test
    void aes256GcmAnswersAsItsAuthorsSay() {
        var zero = new SegmentCipher(new byte[32]);
        var target = new byte[32];

        assertThat(zero.sealSegment(0, 0, false, new byte[0], new byte[0], 0, target))
                .isEqualTo(16);
        assertThat(Arrays.copyOf(target, 16)).isEqualTo(HexFormat.of().parseHex("530f8afbc74536b9a963b4f1c4cb738b"));

        // Another cipher, since the JDK's refuses to seal under the same nonce again.
        assertThat(new SegmentCipher(new byte[32]).sealSegment(0, 0, false, new byte[0], new byte[16], 16, target))
                .isEqualTo(32);
        assertThat(target)
                .isEqualTo(HexFormat.of().parseHex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"));
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT, 3 * SEGMENT + 17})
    void aMessageOfAnyLengthComesBack(int length) throws UnauthenticException {
        byte[] plain = SeededRandom.of(length).bytes(length);

        byte[] sealed = seal(3, plain);

        assertThat(SegmentCipher.plainLength(sealed.length)).isEqualTo(length);
        assertThat(open(3, CONTEXT, sealed)).isEqualTo(plain);
    }

    @Test
    void theNonceIsMessageNumberSegmentNumberAndTheMarkOfTheLast() throws GeneralSecurityException {
        byte[] plain = SeededRandom.of(1).bytes(2 * SEGMENT + 100);
        byte[] sealed = seal(0x0102030405L, plain);

        for (int segment = 0; segment < 3; segment++) {
            byte[] nonce =
                    HexFormat.of().parseHex("0102030405" + "00000000000" + segment + (segment == 2 ? "01" : "00"));
            Cipher jdk = Cipher.getInstance("AES/GCM/NoPadding");
            jdk.init(Cipher.DECRYPT_MODE, new SecretKeySpec(KEY, "AES"), new GCMParameterSpec(128, nonce));
            jdk.updateAAD(CONTEXT);
            int end = Math.min(sealed.length, (segment + 1) * SEALED);

            assertThat(jdk.doFinal(sealed, segment * SEALED, end - segment * SEALED))
                    .isEqualTo(Arrays.copyOfRange(
                            plain, segment * SEGMENT, Math.min(plain.length, (segment + 1) * SEGMENT)));
        }
    }

    @Test
    void aMessageThatWasCutOffLengthenedOrReorderedIsRefused() {
        byte[] sealed = seal(0, SeededRandom.of(1).bytes(3 * SEGMENT));

        refused(0, CONTEXT, Arrays.copyOf(sealed, 2 * SEALED));
        refused(0, CONTEXT, Arrays.copyOf(sealed, 2 * SEALED + 100));
        refused(0, CONTEXT, Arrays.copyOf(sealed, SEALED));
        refused(0, CONTEXT, Arrays.copyOf(sealed, 5));
        refused(0, CONTEXT, new byte[0]);
        refused(0, CONTEXT, Arrays.copyOfRange(sealed, SEALED, sealed.length));
        refused(0, CONTEXT, Arrays.copyOf(sealed, sealed.length + SEALED));
        byte[] swapped = sealed.clone();
        System.arraycopy(sealed, 0, swapped, SEALED, SEALED);
        System.arraycopy(sealed, SEALED, swapped, 0, SEALED);
        refused(0, CONTEXT, swapped);
    }

    @Test
    void anotherNumberContextOrKeyIsRefused() {
        byte[] sealed = seal(7, new byte[100]);

        refused(8, CONTEXT, sealed);
        refused(7, new byte[] {5, 6}, sealed);
        var other = new SegmentCipher(Crypto.sha256(new byte[] {2}));
        assertThatExceptionOfType(UnauthenticException.class)
                .isThrownBy(() -> other.open(7, CONTEXT, sealed, 0, sealed.length, new byte[200], 0));
    }

    @Test
    void everyFlippedByteIsRefused() {
        byte[] sealed = seal(0, new byte[200]);
        for (int i = 0; i < sealed.length; i++) {
            byte[] flipped = sealed.clone();
            flipped[i] ^= 1;

            refused(0, CONTEXT, flipped);
        }
    }

    static LongStream seeds() {
        return Seeds.of(10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aSealedLengthTellsThePlainOneAndNoOtherLengthIsOne(long seed) {
        SeededRandom random = SeededRandom.of(seed);
        for (int i = 0; i < 2000; i++) {
            long length = random.below(1L << random.between(1, 40));
            assertThat(SegmentCipher.plainLength(SegmentCipher.sealedLength(length)))
                    .isEqualTo(length);
            long plain = SegmentCipher.plainLength(length);
            assertThat(plain < 0 || SegmentCipher.sealedLength(plain) == length).isTrue();
        }
        assertThat(SegmentCipher.plainLength(SEALED + 1)).isNegative();
        assertThat(SegmentCipher.plainLength(SEALED + 16)).isNegative();
        assertThat(SegmentCipher.plainLength(15)).isNegative();
    }
}
