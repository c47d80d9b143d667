package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.sign.Signer;
import org.medbackup.policy.BuiltInPolicy;
import org.medbackup.policy.Weakening;

/** A policy is written, checked, simulated, signed and put in force; whatever is missing of that keeps the old one in force. */
class PolicyOperationsTest {

    private static final String STRONGER = BuiltInPolicy.HOSPITAL
            .text()
            .replace("version: 1\n", "version: 2\n")
            .replace("copies: 2}\n", "copies: 3}\n");

    @TempDir
    Path temp;

    private final List<BackupEvent> heard = new ArrayList<>();
    private MedBackup product;
    private Path anne;
    private Path bert;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(temp.resolve("srv/wards"));
        Files.writeString(temp.resolve("srv/wards/readme.txt"), "opening hours of the ward");
        Files.writeString(temp.resolve("srv/wards/letter.txt"), "Patient MRN: 00482913 DOB: 1961-04-02");
        product = MedBackup.open(Settings.of(temp.resolve("state"), new Actor("j.doe", "backup01", null, null)));
        anne = temp.resolve("anne.key");
        bert = temp.resolve("bert.key");
        reopen(List.of(product.policy().newKey(anne), product.policy().newKey(bert)));
    }

    @AfterEach
    void close() {
        product.close();
    }

    private void reopen(List<Signer> signers) throws IOException {
        product.close();
        var text = new StringBuilder("jobs: {ward: {paths: [\"" + temp.resolve("srv")
                + "\"], exclude: [\"*.tmp\"]}}\npolicy:\n  signers:\n");
        int number = 0;
        for (Signer each : signers) {
            number++;
            text.append("    - {name: signer" + number + ", key: \"" + each.text() + "\"}\n");
        }
        Path file = Files.writeString(
                temp.resolve("medbackup.yaml"), signers.isEmpty() ? text + "    []\n" : text.toString());
        var configuration = MedBackup.configurationFile(Map.of()).load(file);
        product = MedBackup.open(Settings.of(temp.resolve("state"), new Actor("j.doe", "backup01", null, null))
                .with(heard::add)
                .with(configuration, Map.of()));
    }

    private Path policy(String text) throws IOException {
        return Files.writeString(temp.resolve("policy.yaml"), text);
    }

    private void isRefused(ErrorCode code, ThrowingCallable call, String... words) {
        assertThatThrownBy(call).isInstanceOfSatisfying(BackupException.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.describe())
                    .contains(words.length == 0 ? List.of("") : List.of(words))
                    .doesNotContain(temp.toString());
        });
    }

    /** As an administrator puts it in force. */
    private PolicyReports.Activated activated(String text, Path... keys) throws IOException {
        Path file = policy(text);
        for (Path each : keys) {
            product.policy().sign(file, each);
        }
        product.policy().simulate(file, null, List.of());
        return product.policy().activate(file);
    }

    @Test
    void withoutAnActivatedOneThePolicyOfAHospitalHolds() {
        PolicyInForce now = product.policy().inForce();

        assertThat(now.isBuiltIn()).isTrue();
        assertThat(now.policy().digest())
                .isEqualTo(BuiltInPolicy.HOSPITAL.policy().digest());
        assertThat(now.signers()).isEmpty();
        assertThat(product.policy().check(null).isSound()).isTrue();
    }

    @Test
    void aSignedAndSimulatedPolicyIsInForceAlsoAfterARestartAndStandsInTheTrail() throws IOException {
        PolicyReports.Activated done = activated(STRONGER, anne);

        assertThat(done.weakenings()).isEmpty();
        assertThat(done.inForce().signers()).containsExactly("signer1");
        product.close();
        product = MedBackup.open(Settings.of(temp.resolve("state"), new Actor("j.doe", "backup01", null, null))
                .with(MedBackup.configurationFile(Map.of()).load(temp.resolve("medbackup.yaml")), Map.of()));
        PolicyInForce now = product.policy().inForce();
        assertThat(now.isBuiltIn()).isFalse();
        assertThat(now.policy().version()).isEqualTo(2);
        assertThat(now.activated()).isEqualTo(done.inForce().activated());
        assertThat(heard.toString())
                .contains("policy-activate", now.policy().digest(), "signer1")
                .doesNotContain("letter.txt");
        assertThat(product.verifyAudit().valid()).isTrue();
    }

    @Test
    void whatLiesInTheStateFolderIsSealed() throws IOException {
        activated(STRONGER, anne);

        try (Stream<Path> files = Files.list(temp.resolve("state/policy"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(2);
            for (Path each : all) {
                assertThat(Files.readString(each, StandardCharsets.ISO_8859_1))
                        .doesNotContain("psychotherapy", "vault", "digest");
            }
        }
    }

    @Test
    void anUnsignedPolicyIsRefused() throws IOException {
        Path file = policy(STRONGER);
        product.policy().simulate(file, null, List.of());

        isRefused(ErrorCode.POLICY_UNTRUSTED, () -> product.policy().activate(file), "no file of signatures");
        assertThat(product.policy().inForce().isBuiltIn()).isTrue();
    }

    @Test
    void aPolicyThatWasChangedAfterItWasSignedIsRefused() throws IOException {
        Path file = policy(STRONGER);
        product.policy().sign(file, anne);
        policy(STRONGER.replace("keep: 10y", "keep: 20y"));
        product.policy().simulate(file, null, List.of());

        isRefused(ErrorCode.POLICY_UNTRUSTED, () -> product.policy().activate(file), "changed after it was signed");
        Files.writeString(PolicyOperations.signatureFile(file), "{}");
        isRefused(ErrorCode.POLICY_UNTRUSTED, () -> product.policy().activate(file), "malformed");
    }

    @Test
    void aSignatureOfSomebodyElseIsNone() throws IOException {
        Path mallory = temp.resolve("mallory.key");
        product.policy().newKey(mallory);
        Path file = policy(STRONGER);
        product.policy().sign(file, mallory);
        product.policy().simulate(file, null, List.of());

        isRefused(ErrorCode.POLICY_UNTRUSTED, () -> product.policy().activate(file), "none of the keys");
    }

    @Test
    void whereNobodyIsNamedWhoMaySignNothingIsActivated() throws IOException {
        Path file = policy(STRONGER);
        product.policy().sign(file, anne);
        product.policy().simulate(file, null, List.of());
        reopen(List.of());

        isRefused(ErrorCode.POLICY_SIGNERS_MISSING, () -> product.policy().activate(file));
    }

    @Test
    void withoutASimulationOfExactlyThisPolicyNothingIsActivated() throws IOException {
        Path file = policy(STRONGER);
        product.policy().sign(file, anne);
        isRefused(ErrorCode.POLICY_NOT_SIMULATED, () -> product.policy().activate(file));

        product.policy().simulate(policy(STRONGER.replace("keep: 35d", "keep: 36d")), null, List.of());
        policy(STRONGER);
        isRefused(ErrorCode.POLICY_NOT_SIMULATED, () -> product.policy().activate(file));

        product.policy().simulate(file, null, List.of());
        assertThat(product.policy().activate(file).inForce().policy().version()).isEqualTo(2);
    }

    @Test
    void whatProtectsLessNeedsTwoKeys() throws IOException {
        String weaker = STRONGER.replace("copies: 3}\n", "copies: 1}\n");
        Path file = policy(weaker);
        product.policy().sign(file, anne);
        product.policy().sign(file, anne);
        product.policy().simulate(file, null, List.of());
        isRefused(ErrorCode.POLICY_WEAKER, () -> product.policy().activate(file), "copies");
        assertThat(product.policy().inForce().isBuiltIn()).isTrue();

        assertThat(product.policy().sign(file, bert).keys()).hasSize(2);
        PolicyReports.Activated done = product.policy().activate(file);

        assertThat(done.weakenings()).extracting(Weakening::kind).contains(Weakening.Kind.FEWER_COPIES);
        assertThat(done.inForce().signers()).containsExactly("signer1", "signer2");
    }

    @Test
    void anOlderVersionDoesNotComeBack() throws IOException {
        activated(STRONGER, anne);
        activated(STRONGER.replace("version: 2", "version: 3"), anne);

        Path file = policy(STRONGER);
        product.policy().sign(file, anne);
        product.policy().simulate(file, null, List.of());
        isRefused(ErrorCode.POLICY_OUTDATED, () -> product.policy().activate(file), "version is 2", "has 3");
    }

    @Test
    void conflictsAndTestsThatFailKeepAPolicyOutAndChangeNothing() throws IOException {
        String failing = STRONGER + "tests:\n  - {facts: {kind: dicom}, expect: {tier: archive}}\n";
        Path file = policy(failing);
        assertThat(product.policy().check(file).conflicts())
                .singleElement()
                .satisfies(each -> assertThat(each.message()).contains("tier is vault and not archive"));
        product.policy().sign(file, anne);
        product.policy().simulate(file, null, List.of());

        isRefused(ErrorCode.POLICY_CONFLICTS, () -> product.policy().activate(file), "test 1");
        assertThat(product.policy().inForce().isBuiltIn()).isTrue();
    }

    @Test
    void whatWasChangedInTheStateFolderIsNotTrusted() throws IOException {
        activated(STRONGER, anne);
        Path stored = temp.resolve("state/policy/version-0000000002");
        byte[] bytes = Files.readAllBytes(stored);
        bytes[bytes.length / 2] ^= 1;
        Files.write(stored, bytes);

        isRefused(ErrorCode.POLICY_UNTRUSTED, () -> product.policy().inForce(), "state folder was changed");
        isRefused(
                ErrorCode.POLICY_UNTRUSTED,
                () -> product.policy().explain(List.of(PathBytes.of("/etc")), 1),
                "state folder was changed");
    }

    @Test
    void aKeyThatIsTakenAwayFromTheConfigurationSignsNoMore() throws IOException {
        activated(STRONGER, anne);
        reopen(List.of(product.policy().newKey(temp.resolve("cora.key"))));

        isRefused(ErrorCode.POLICY_UNTRUSTED, () -> product.policy().inForce(), "none of the keys");
    }

    @Test
    void aFileIsExplainedAndOneThatIsNotThereIsSaid() {
        PolicyReports.Landed landed = product.policy()
                .explain(
                        List.of(
                                PathBytes.of(temp.resolve("srv").toString()),
                                PathBytes.of(temp.resolve("absent").toString()),
                                PathBytes.of("/dev/null")),
                        1);

        assertThat(landed.files()).isEqualTo(2);
        assertThat(landed.rows()).singleElement().satisfies(each -> {
            assertThat(each.facts().path().toString()).endsWith("letter.txt");
            assertThat(each.explained().decision().retention()).isEqualTo("chart");
            assertThat(each.explained().rejected()).hasSize(2);
            assertThat(each.found().sensitivity().name()).isEqualTo("PHI");
        });
        assertThat(landed.groups()).hasSize(2).allSatisfy(each -> {
            assertThat(each.files()).isEqualTo(1);
            assertThat(each.kind()).isEqualTo("text");
            assertThat(each.bytes()).isPositive();
        });
        assertThat(landed.groups()).extracting(each -> each.decision().copies()).containsExactly(3, 2);
        assertThat(landed.unreadable()).isEqualTo(2);
        assertThat(landed.unread()).singleElement().satisfies(each -> {
            assertThat(each.message()).isEqualTo("it does not exist");
            assertThat(each.path().toString()).endsWith("absent");
        });
        assertThat(landed.policy().isBuiltIn()).isTrue();
    }

    @Test
    void theFilesOfTheJobsAreSimulatedWithoutWhatTheyLeaveOut() throws IOException {
        Files.writeString(temp.resolve("srv/wards/draft.tmp"), "a draft");

        PolicyReports.Simulated simulated = product.policy().simulate(policy(STRONGER), null, List.of());

        assertThat(simulated.result().files()).isEqualTo(2);
        assertThat(simulated.result().moves()).hasSize(1);
        assertThat(simulated.inForce().isBuiltIn()).isTrue();
        assertThat(simulated.candidate().version()).isEqualTo(2);
        assertThat(simulated.weakenings()).isEmpty();
        assertThat(simulated.unreadable()).isZero();
        assertThat(product.policy()
                        .simulate(
                                policy(STRONGER),
                                null,
                                List.of(PathBytes.of(temp.resolve("srv").toString())))
                        .result()
                        .files())
                .isEqualTo(3);
    }

    @Test
    void aListOfFilesIsSimulatedAndAWrongLineIsNamed() throws IOException {
        Path list = Files.writeString(temp.resolve("files.jsonl"), """
                {"path": "/pacs/a.dcm", "size": 1000, "kind": "dicom", "labels": ["PHI"], "modified": "2020-01-01T00:00:00Z"}

                {"path": "/srv/readme", "size": 10, "kind": "text", "uid": 7, "gid": 8}
                """);

        assertThat(product.policy()
                        .simulate(policy(STRONGER), list, List.of())
                        .result()
                        .files())
                .isEqualTo(2);
        for (String wrong : List.of(
                "{\"path\": \"/a\", \"size\": 1}",
                "{\"path\": \"/a\", \"size\": 1, \"kind\": \"film\"}",
                "{\"path\": \"/a\", \"size\": 1, \"kind\": \"text\", \"labels\": [1]}",
                "{\"path\": \"/a\", \"size\": 1, \"kind\": \"text\", \"modified\": \"yesterday\"}",
                "nothing")) {
            Files.writeString(list, "{\"path\": \"/a\", \"size\": 1, \"kind\": \"text\"}\n" + wrong + "\n");
            isRefused(
                    ErrorCode.USAGE,
                    () -> product.policy().simulate(policy(STRONGER), list, List.of()),
                    "line 2 of the catalogue");
        }
        isRefused(
                ErrorCode.USAGE,
                () -> product.policy().simulate(policy(STRONGER), temp.resolve("absent"), List.of()),
                "cannot be read");
        Files.writeString(list, "\n");
        isRefused(
                ErrorCode.USAGE,
                () -> product.policy().simulate(policy(STRONGER), list, List.of()),
                "no files to simulate with");
    }

    @Test
    void keysAndPoliciesThatCannotBeUsedAreNamed() throws IOException {
        Path file = policy(STRONGER);
        Files.setPosixFilePermissions(anne, PosixFilePermissions.fromString("rw-r--r--"));
        isRefusedSomehow(ErrorCode.CREDENTIAL_UNREADABLE, () -> product.policy().sign(file, anne));
        isRefusedSomehow(ErrorCode.CREDENTIAL_UNREADABLE, () -> product.policy().sign(file, temp.resolve("absent")));
        isRefusedSomehow(ErrorCode.TARGET_UNUSABLE, () -> product.policy().newKey(bert));
        isRefused(ErrorCode.POLICY_INVALID, () -> product.policy().sign(temp.resolve("absent.yaml"), bert));
        isRefused(ErrorCode.POLICY_INVALID, () -> product.policy().check(temp.resolve("absent.yaml")));
        isRefused(ErrorCode.POLICY_INVALID, () -> product.policy().check(temp), "cannot be read");
        policy("version: 1");
        isRefused(ErrorCode.POLICY_INVALID, () -> product.policy().sign(file, bert), "line 1");
        assertThat(product.policy().check(file).faults()).isNotEmpty();
        assertThat(product.policy().check(file).isSound()).isFalse();
    }

    private static void isRefusedSomehow(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void aSignatureOfWhatItWasBeforeIsDroppedWhenItIsSignedAnew() throws IOException {
        Path file = policy(STRONGER);
        product.policy().sign(file, anne);
        policy(STRONGER.replace("keep: 10y", "keep: 20y"));

        PolicyReports.Signed signed = product.policy().sign(file, bert);

        assertThat(signed.keys()).containsExactly(signed.key());
        assertThat(signed.version()).isEqualTo(2);
        assertThat(signed.digest()).matches("[0-9a-f]{64}");
    }

    @Test
    void aFileOfSignaturesThatCannotBeReadOrWrittenIsSaid() throws IOException {
        Path file = policy(STRONGER);
        Path draft = Files.createDirectory(temp.resolve("policy.yaml.sig.new"));
        isRefusedSomehow(ErrorCode.TARGET_UNUSABLE, () -> product.policy().sign(file, anne));
        Files.delete(draft);
        Files.createDirectory(PolicyOperations.signatureFile(file));

        isRefused(ErrorCode.POLICY_UNTRUSTED, () -> product.policy().sign(file, anne), "cannot be read");
        isRefused(ErrorCode.POLICY_UNTRUSTED, () -> product.policy().activate(file), "cannot be read");
    }

    @Test
    void theTrailHoldsWhoPutWhatInForceAndWhatWasRefused() throws IOException {
        Path file = policy(STRONGER);
        isRefused(ErrorCode.POLICY_UNTRUSTED, () -> product.policy().activate(file), "no file of signatures");
        activated(STRONGER, anne);

        assertThat(heard.stream().map(BackupEvent::toString).filter(each -> each.contains("POLICY_UNTRUSTED")))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each).contains("REFUSED").doesNotContain("policy.yaml"));
        assertThat(heard.toString()).contains("signers=signer1", "version=2");
    }
}
