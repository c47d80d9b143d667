package org.medbackup.service.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.sign.Signer;
import org.medbackup.core.sign.SigningKey;

class PolicySectionTest {

    private static final String ANNE = key(1);
    private static final String BERT = key(2);

    @TempDir
    Path temp;

    private static String key(int filling) {
        return SigningKey.generate(target -> java.util.Arrays.fill(target, (byte) filling))
                .signer()
                .text();
    }

    private ConfigurationFile.Reading read(String text) throws IOException {
        return new ConfigurationFile(List.of(), Map.of()).read(Files.writeString(temp.resolve("medbackup.yaml"), text));
    }

    @Test
    void onWhatAndWhereTargetsKeepDataIsToldOrTakenFromTheirLocations() throws IOException {
        Configuration told = Objects.requireNonNull(read("""
                        repository: s3://bucket/ward
                        targets:
                          a: {location: /srv/a}
                          b: {location: /srv/b, media: tape}
                          c: {location: "s3://x/y", site: east}
                        policy: {home: {site: west}}
                        """).configuration());

        assertThat(told.places())
                .containsExactly(
                        Map.entry("", new TargetPlace("object", "west")),
                        Map.entry("b", new TargetPlace("tape", "")),
                        Map.entry("c", new TargetPlace("object", "east")));
        assertThat(Configuration.none().places()).isEmpty();
        assertThat(read("targets: {a: {location: /a, media: Tape}}").isUsable()).isFalse();
    }

    @Test
    void howOftenUnchangedFilesAreAskedAboutIsAMonthUnlessTold() throws IOException {
        assertThat(Objects.requireNonNull(read("policy: {signers: []}").configuration())
                        .reviewDays())
                .isEqualTo(30);
        assertThat(Objects.requireNonNull(read("policy: {review: 7d}").configuration())
                        .reviewDays())
                .isEqualTo(7);
        assertThat(Objects.requireNonNull(read("policy: {review: never}").configuration())
                        .reviewDays())
                .isZero();
        assertThat(read("policy: {review: 2w}").isUsable()).isFalse();
    }

    @Test
    void thoseWhoMaySignAreNamedInTheirOrder() throws IOException {
        Configuration read = Objects.requireNonNull(read("policy:\n  signers:\n    - {name: Anne Ames, key: \"" + ANNE
                        + "\"}\n    - name: bert\n      key: |\n        -----BEGIN PUBLIC KEY-----\n        " + BERT
                        + "\n        -----END PUBLIC KEY-----\n")
                .configuration());

        assertThat(read.policySigners()).extracting(Signer::name).containsExactly("Anne Ames", "bert");
        assertThat(read.values())
                .extracting(Configuration.Value::key)
                .containsExactly("policy.signers[0]", "policy.signers[1]");
        assertThat(Objects.requireNonNull(read("").configuration()).policySigners())
                .isEmpty();
        assertThat(Configuration.none().policySigners()).isEmpty();
    }

    @Test
    void aKeyThatIsNoneAndOneThatStandsThereTwiceAreNamedWithTheirLines() throws IOException {
        assertThat(read("policy:\n  signers:\n    - {name: a, key: \"" + ANNE + "\"}\n    - {name: b, key: none}\n"
                                + "    - {name: c, key: \"" + ANNE + "\"}\n")
                        .findings())
                .extracting(Finding::text)
                .containsExactly(
                        "line 4, policy.signers[1].key: it is no public key of Ed25519",
                        "line 5, policy.signers[2].key: it is the key of a too");
        assertThat(read("policy: {signers: [{name: a}]}").isUsable()).isFalse();
        assertThat(read("policy: {signer: []}").findings())
                .singleElement()
                .satisfies(each -> assertThat(each.remedy()).isEqualTo("Did you mean signers?"));
    }

    @Test
    void tiersLieAtTargetsThatAreThereAndHoldNoCopies() throws IOException {
        String targets = """
                targets: {a: {location: /srv/a}, b: {location: /srv/b}}
                jobs: {w: {paths: [/srv/w], copies: [b]}}
                """;

        ConfigurationFile.Reading good = read(targets + "policy: {tiers: {vault: a, cold: a}}\n");

        assertThat(Objects.requireNonNull(good.configuration()).tiers())
                .containsExactly(Map.entry("cold", "a"), Map.entry("vault", "a"));
        assertThat(good.findings()).isEmpty();
        assertThat(read(targets + "policy: {tiers: {vault: c, cold: b}}\n").findings())
                .extracting(Finding::text)
                .containsExactlyInAnyOrder(
                        "line 3, policy.tiers.vault: no target has the name c",
                        "line 3, policy.tiers.cold: copies of jobs lie at b");
    }
}
