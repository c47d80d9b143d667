package org.medbackup.engine.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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
import org.medbackup.testkit.SeededEntropy;

class RecoveryShareTest {

    private final List<RecoveryShare> shares = RecoveryShare.split(Rings.OWNER, 3, 5, new SeededEntropy(1));

    private static String text(RecoveryShare share) {
        return share.write().use(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static RecoveryShare read(String text) {
        return RecoveryShare.read(Secret.ofText(text), "the file");
    }

    private static void isRefused(String word, List<RecoveryShare> given) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> RecoveryShare.join(given))
                .withMessageContaining(word)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.CREDENTIAL_UNREADABLE));
    }

    @Test
    void aShareIsATextThatCanBePrintedAndTypedAgain() {
        String text = text(shares.get(1));

        assertThat(text.lines().limit(6))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("MEDBACKUP-RECOVERY 1"),
                        line -> assertThat(line).matches("repository: [0-9a-f]{32}"),
                        line -> assertThat(line).matches("set: [0-9a-f]{16}"),
                        line -> assertThat(line).isEqualTo("share: 2 of 5, any 3 open"),
                        line -> assertThat(line).matches("secret: [0-9a-f]{64}"),
                        line -> assertThat(line).matches("sha256: [0-9a-f]{64}"));
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(76));
        String typed = text.replace("\n", "\r\n").replace("secret: ", "secret:  ");
        assertThat(read(typed).part()).isEqualTo(shares.get(1).part());
    }

    static LongStream seeds() {
        return Seeds.of(3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyEnoughSharesGiveTheRingBackAndFewerDoNot(long seed) {
        var given = new ArrayList<RecoveryShare>();
        shares.forEach(share -> given.add(read(text(share))));
        Collections.shuffle(given, new Random(seed));

        for (int count = 3; count <= 5; count++) {
            assertThat(RecoveryShare.join(given.subList(0, count)).encode()).isEqualTo(Rings.OWNER.encode());
        }
        isRefused("of 3 shares that are needed 2 are there", given.subList(0, 2));
        isRefused("no recovery share", List.of());
    }

    @Test
    void aShareThatDoesNotBelongIsNamed() {
        RecoveryShare strange =
                RecoveryShare.split(Rings.STRANGER, 3, 5, new SeededEntropy(2)).get(3);
        RecoveryShare earlier =
                RecoveryShare.split(Rings.OWNER, 3, 5, new SeededEntropy(3)).get(4);
        RecoveryShare first = shares.getFirst();
        RecoveryShare second = shares.get(1);

        isRefused("share 4 belongs to another repository than share 1", List.of(first, second, strange));
        isRefused("share 5 was not made together with share 1", List.of(first, earlier, second));
        isRefused("share 2 is there twice", List.of(first, second, shares.get(2), second));
    }

    @Test
    void aShareThatWasForgedWithARightChecksumIsRefusedAndNamedWhereOthersAreEnough() {
        RecoveryShare third = shares.get(2);
        byte[] part = third.part().clone();
        part[5] ^= 1;
        RecoveryShare forged = read(text(new RecoveryShare(
                third.repository(), third.set(), 3, third.count(), third.threshold(), part, third.sealed())));

        isRefused("do not fit together", List.of(shares.get(0), shares.get(1), forged));
        isRefused("share 3 is not as it was made", List.of(shares.get(0), forged, shares.get(1), shares.get(4)));
    }

    @Test
    void noMistypedLetterMakesAnotherShare() {
        String text = text(shares.getFirst());
        for (int at = text.indexOf("repository"); at < 400; at += 3) {
            String mistyped = text.substring(0, at) + (text.charAt(at) == '7' ? '8' : '7') + text.substring(at + 1);
            try {
                // Between the numbers stand words that only people read.
                assertThat(text(read(mistyped))).as("letter %d", at).isEqualTo(text);
            } catch (UsageException found) {
                assertThat(found).hasMessageContaining("the file");
            }
        }
    }

    @ParameterizedTest(name = "case {index}")
    @ValueSource(
            strings = {
                "",
                "MEDBACKUP-KEY 1\na\nb\nc\nd\ne\nf\n",
                "MEDBACKUP-RECOVERY 1\nrepository: 00\nset: 00\nshare: 1 of 5\nsecret: 00\nsha256: 00\nAAAA\n",
                "MEDBACKUP-RECOVERY 1\nrepository: 00\nset: 00\nshare: 6 of 5, any 3 open\nsecret: 00\nsha256: 00\nAA\n",
                "MEDBACKUP-RECOVERY 1\nset: 00\nrepository: 00\nshare: 1 of 5, any 3 open\nsecret: 00\nsha256: 00\nAA\n"
            })
    void whatIsNoShareIsRefused(String text) {
        assertThatExceptionOfType(UsageException.class).isThrownBy(() -> read(text));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void damagedSharesAreReadOrRefused(long seed) {
        Mutations.areReadOrRefused(
                text(shares.getFirst()).getBytes(StandardCharsets.UTF_8),
                seed,
                bytes -> RecoveryShare.read(Secret.copyOf(bytes), "the file"),
                UsageException.class);
    }
}
