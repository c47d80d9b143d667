package org.medbackup.engine.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.engine.internal.codec.Envelope.Kind;
import org.medbackup.engine.internal.crypto.Crypto;

class EnvelopeTest {

    private static final byte[] REPOSITORY = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final byte[] BODY = {1, 2, 3, 4, 5, 6, 7};

    private final byte[] object = Envelope.wrap(Kind.TICKET, REPOSITORY, BODY);

    @ParameterizedTest(name = "{0}")
    @EnumSource(Kind.class)
    void aBodyComesBack(Kind kind) {
        byte[] wrapped = Envelope.wrap(kind, REPOSITORY, BODY);

        Envelope.Opened opened = Envelope.unwrap(wrapped);

        assertThat(opened.kind()).isEqualTo(kind);
        assertThat(opened.repository()).isEqualTo(REPOSITORY);
        assertThat(opened.body()).isEqualTo(BODY);
        assertThat(Envelope.unwrap(kind, REPOSITORY, wrapped)).isEqualTo(BODY);
    }

    @Test
    void everyFlippedBitIsDamage() {
        for (int bit = 0; bit < 8 * object.length; bit++) {
            byte[] flipped = object.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(Envelope.isIntact(flipped)).isFalse();
            refused(flipped, ErrorCode.OBJECT_DAMAGED);
        }
    }

    @Test
    void everyTruncationAndAnyLongerFormIsDamage() {
        for (int length = 0; length < object.length; length++) {
            refused(Arrays.copyOf(object, length), ErrorCode.OBJECT_DAMAGED);
        }
        refused(Arrays.copyOf(object, object.length + 1), ErrorCode.OBJECT_DAMAGED);
    }

    @Test
    void aLaterVersionOrSuiteIsRefusedByItsNumberAndIsNoDamage() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Envelope.unwrap(changed(4, 2)))
                .withMessageContaining("version 2 and suite 1")
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.REPOSITORY_TOO_NEW));
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Envelope.unwrap(changed(5, 9)))
                .withMessageContaining("version 1 and suite 9");
    }

    @Test
    void aRightChecksumMakesNoObjectOfWhatIsNone() {
        refused(changed(2, 'Z'), ErrorCode.OBJECT_DAMAGED);
        refused(changed(24, BODY.length + 1), ErrorCode.OBJECT_DAMAGED);
        refused(changed(24, BODY.length - 1), ErrorCode.OBJECT_DAMAGED);
        refused(changed(27, 0xff), ErrorCode.OBJECT_DAMAGED);
    }

    @Test
    void anObjectOfAnotherKindIsNamed() {
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> Envelope.unwrap(Kind.ROOT, REPOSITORY, object))
                .withMessageContaining("TICKET where a ROOT");
    }

    @Test
    void anObjectOfAnotherRepositoryIsNamed() {
        assertThatExceptionOfType(DamageException.class)
                .isThrownBy(() -> Envelope.unwrap(Kind.TICKET, new byte[16], object))
                .withMessageContaining("30313233343536373839616263646566");
    }

    private static void refused(byte[] bytes, ErrorCode code) {
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(() -> Envelope.unwrap(bytes))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(code));
    }

    /** The object with another byte and the checksum that belongs to it. */
    private byte[] changed(int at, int value) {
        byte[] before = Arrays.copyOf(object, object.length - Crypto.KEY);
        before[at] = (byte) value;
        return new ByteWriter().raw(before).raw(Crypto.sha256(before)).toBytes();
    }
}
