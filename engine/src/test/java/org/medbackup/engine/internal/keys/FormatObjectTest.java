package org.medbackup.engine.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.internal.Mutations;
import org.medbackup.engine.internal.crypto.Crypto;

class FormatObjectTest {

    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
    private static final FormatObject FORMAT = new FormatObject(1, new byte[16], THEN);
    private static final String TEXT = new String(FORMAT.encode(), StandardCharsets.UTF_8);

    /** The description with a changed line of JSON and the digest that belongs to it. */
    private static byte[] changed(String json) {
        String digest = HexFormat.of().formatHex(Crypto.sha256(json.getBytes(StandardCharsets.UTF_8)));
        return (json + "\nsha256 " + digest + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String json() {
        return TEXT.lines().findFirst().orElseThrow();
    }

    @Test
    void aDescriptionComesBackAndCanBeReadByEye() {
        FormatObject decoded = FormatObject.decode(FORMAT.encode());

        assertThat(decoded.version()).isEqualTo(1);
        assertThat(decoded.repository()).isEqualTo(new byte[16]);
        assertThat(decoded.created()).isEqualTo(THEN);
        assertThat(TEXT).contains("\"format\":1", "AES-256-GCM", "X25519+ML-KEM-768", "2026-01-02T03:04:05Z");
        assertThat(changed(json())).isEqualTo(FORMAT.encode());
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "\"format\":1 | \"format\":2",
                "\"number\":1 | \"number\":2",
                "\"read\":[] | \"read\":[\"erasure\"]",
                "\"write\":[] | \"write\":[\"erasure\"]",
                "\"gc\":[] | \"gc\":[\"erasure\"]"
            })
    void whatALaterVersionNeedsIsRefusedByName(String before, String after) {
        byte[] later = changed(json().replace(before, after));

        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> FormatObject.decode(later))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.REPOSITORY_TOO_NEW));
    }

    @Test
    void theNameOfAnUnknownFeatureIsTold() {
        byte[] later = changed(json().replace("\"write\":[]", "\"write\":[\"erasure\"]"));

        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> FormatObject.decode(later))
                .withMessageContaining("to write, it needs [erasure]");
    }

    @Test
    void everyFlippedByteIsDamage() {
        byte[] object = FORMAT.encode();
        for (int at = 0; at < object.length - 1; at++) {
            byte[] flipped = object.clone();
            flipped[at] ^= 0x02;

            assertThatExceptionOfType(DamageException.class)
                    .as("byte %d", at)
                    .isThrownBy(() -> FormatObject.decode(flipped));
        }
    }

    @ParameterizedTest(name = "case {index}")
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "no JSON",
                "{\"format\":1}",
                "{\"features\":{},\"format\":1,\"suite\":7}",
                "{\"created\":\"x\",\"features\":{},\"format\":1,\"id\":\"00\",\"suite\":{\"number\":1}}",
                "{\"created\":\"2026-01-02T03:04:05Z\",\"features\":{},\"format\":1,\"id\":\"0\",\"suite\":{\"number\":1}}",
                "{\"created\":\"2026-01-02T03:04:05Z\",\"features\":{},\"format\":1,\"id\":\"00\","
                        + "\"suite\":{\"number\":1}}"
            })
    void aRightDigestMakesNoDescriptionOfWhatIsNone(String json) {
        assertThatExceptionOfType(DamageException.class).isThrownBy(() -> FormatObject.decode(changed(json)));
    }

    static LongStream seeds() {
        return Seeds.of(5);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedDescriptionsAreReadOrRefused(long seed) {
        Mutations.areReadOrRefused(
                json().getBytes(StandardCharsets.UTF_8),
                seed,
                bytes -> FormatObject.decode(changed(new String(bytes, StandardCharsets.UTF_8))),
                BackupException.class);
    }
}
