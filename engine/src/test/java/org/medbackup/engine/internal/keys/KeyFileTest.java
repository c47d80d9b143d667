package org.medbackup.engine.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.corpus.Seeds;
import org.medbackup.engine.internal.Mutations;
import org.medbackup.engine.internal.Rings;

class KeyFileTest {

    private static final String TEXT =
            KeyFile.write(Rings.WRITER).use(bytes -> new String(bytes, StandardCharsets.UTF_8));

    @Test
    void aFileSaysWhoseItIsAndGivesTheRing() {
        assertThat(TEXT.lines().limit(3))
                .containsExactly(
                        "MEDBACKUP-KEY 1",
                        "role: writer",
                        "repository: " + HexFormat.of().formatHex(Rings.WRITER.repository()));
        assertThat(TEXT.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(76));
        assertThat(KeyFile.read(Secret.ofText(TEXT)).encode()).isEqualTo(Rings.WRITER.encode());
    }

    @Test
    void lineEndsOfAnotherSystemDoNoHarm() {
        assertThat(KeyFile.read(Secret.ofText(TEXT.replace("\n", "\r\n"))).encode())
                .isEqualTo(Rings.WRITER.encode());
    }

    @ParameterizedTest(name = "case {index}")
    @ValueSource(
            strings = {
                "",
                "a password",
                "MEDBACKUP-KEY 2\nrole: owner\nrepository: 00\nsha256: 00\nAAAA\n",
                "MEDBACKUP-KEY 1\nrole: owner\nrepository: 00\nsha\nAAAA\n",
                "MEDBACKUP-KEY 1\nrole: owner\nrepository: 00\nsha256: zz\nAAAA\n",
                "MEDBACKUP-KEY 1\nrole: owner\nrepository: 00\nsha256: "
                        + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\n"
            })
    void whatIsNoKeyFileIsRefused(String text) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> KeyFile.read(Secret.ofText(text)))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.CREDENTIAL_UNREADABLE));
    }

    @Test
    void aFileThatWasCutOffSaysSo() {
        String cut = TEXT.substring(0, TEXT.length() - 100);

        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> KeyFile.read(Secret.ofText(cut)))
                .withMessageContaining("changed or cut off");
    }

    static LongStream seeds() {
        return Seeds.of(3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedFilesAreReadOrRefused(long seed) {
        Mutations.areReadOrRefused(
                TEXT.getBytes(StandardCharsets.UTF_8),
                seed,
                bytes -> KeyFile.read(Secret.copyOf(bytes)),
                UsageException.class);
    }
}
