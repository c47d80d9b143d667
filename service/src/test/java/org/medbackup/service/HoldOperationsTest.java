package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.sign.Signer;
import org.medbackup.engine.ForgetResult;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.LegalHold;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.engine.RetentionRules;
import org.medbackup.policy.BuiltInPolicy;

/** Legal holds and the policy in force keep restore points at the repository and at its copies, whoever forgets. */
class HoldOperationsTest {

    private static final RetentionRules NEWEST = new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO);

    @TempDir
    Path temp;

    private final List<BackupEvent> heard = new ArrayList<>();
    private MedBackup product;
    private RepositoryAccess access;
    private String first = "";
    private String second = "";

    @BeforeEach
    void twoRestorePoints() throws IOException {
        product = open("");
        access = at(temp.resolve("home"));
        product.init(
                access,
                temp.resolve("writer.key"),
                new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
        Files.createDirectories(temp.resolve("srv"));
        first = backup("Patient MRN: 00482913 DOB: 1961-04-02");
        second = backup("Patient MRN: 00482913 DOB: 1961-04-02, seen again");
    }

    @AfterEach
    void close() {
        product.close();
    }

    private RepositoryAccess at(Path place) {
        return new RepositoryAccess(place.toString(), new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
    }

    private MedBackup open(String more) throws IOException {
        String text = """
                repository: "%s"
                targets:
                  copy: {location: "%s"}
                  none: {location: "%s"}
                %s
                """.formatted(temp.resolve("home"), temp.resolve("copy"), temp.resolve("none"), more);
        Path file = Files.writeString(temp.resolve("medbackup.yaml"), text);
        return MedBackup.open(Settings.of(temp.resolve("state"), new Actor("j.doe", "backup01", null, null))
                .with(Site.SMALL)
                .with(heard::add)
                .with(MedBackup.configurationFile(Map.of()).load(file), Map.of()));
    }

    private String backup(String letter) throws IOException {
        Files.writeString(temp.resolve("srv/letter.txt"), letter);
        return product.backup(
                        access,
                        BackupOrder.of(List.of(PathBytes.of(temp.resolve("srv").toString()))))
                .snapshot();
    }

    private static List<String> refused(ForgetResult result) {
        return result.refused().stream().map(ForgetResult.Refused::id).toList();
    }

    @Test
    void aHoldIsPlacedListedAndReleasedAndTheTrailSaysWhoAndNotForWhat() {
        HoldOperations.Held held =
                product.holds().place(access, "Doe v. Clinic", LegalHold.Selector.of(Set.of(first.substring(0, 8))));

        assertThat(held.snapshots()).containsExactly(first);
        assertThat(held.hold().by()).isEqualTo("j.doe");
        assertThat(held.absent()).isEmpty();
        assertThat(refused(product.forget(access, NEWEST, List.of(), false))).containsExactly(first);
        assertThat(product.holds().list(access)).containsExactly(held);
        product.holds().release(access, held.hold().id(), "Doe settled");
        assertThat(product.holds().list(access)).isEmpty();
        assertThat(product.forget(access, NEWEST, List.of(), false).removed()).containsExactly(first);
        assertThat(heard.toString())
                .contains("hold-place", "hold-release", held.hold().id())
                .doesNotContain("Doe");
        assertThat(product.verifyAudit().valid()).isTrue();
    }

    @Test
    void aCopyKnowsOfItAtOnceAndATargetWithoutOneIsLeftAlone() throws IOException {
        product.copy(access, first, temp.resolve("copy").toString());
        product.copy(access, second, temp.resolve("copy").toString());

        product.holds().place(access, "matter", LegalHold.Selector.ALL);

        RepositoryAccess copy = at(temp.resolve("copy"));
        assertThat(refused(product.forget(copy, NEWEST, List.of(), false))).containsExactly(first);
        assertThat(temp.resolve("none/h")).doesNotExist();
    }

    @Test
    void aTargetThatCannotBeOpenedIsNamed() throws IOException {
        product.close();
        product = open("  away: {location: \"nowhere://vault\"}");

        assertThat(product.holds()
                        .place(access, "matter", LegalHold.Selector.ALL)
                        .absent())
                .containsOnlyKeys("away")
                .containsValue(ErrorCode.LOCATION_UNSUPPORTED);
    }

    @Test
    void anotherRepositoryAmongTheTargetsIsLeftAlone() {
        product.init(
                at(temp.resolve("copy")),
                temp.resolve("other.key"),
                new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));

        assertThat(product.holds()
                        .place(access, "matter", LegalHold.Selector.ALL)
                        .absent())
                .isEmpty();
        assertThat(product.holds().list(at(temp.resolve("copy")))).isEmpty();
    }

    @Test
    void aRestorePointThatIsNotThereCannotBeHeld() {
        Site.failure(
                ErrorCode.SNAPSHOT_NOT_FOUND,
                () -> product.holds().place(access, "matter", LegalHold.Selector.of(Set.of("ffff"))));
    }

    @Test
    void onceAPolicyIsInForceItsClassesKeepWhatRulesWouldGiveUp() throws IOException {
        assertThat(refused(product.forget(access, NEWEST, List.of(), true)))
                .as("nobody has chosen a policy")
                .isEmpty();
        inForce("version: 2\n");

        ForgetResult result = product.forget(access, NEWEST, List.of(), false);

        assertThat(refused(result)).containsExactly(first);
        assertThat(result.refused().getFirst().reason()).contains("retention class chart");
        assertThat(product.snapshots(access, "", new java.util.TreeMap<>())).hasSize(2);
    }

    private void inForce(String version) throws IOException {
        Path key = temp.resolve("anne.key");
        Signer signer = product.policy().newKey(key);
        product.close();
        product = open("policy: {signers: [{name: anne, key: \"" + signer.text() + "\"}]}");
        Path file = Files.writeString(
                temp.resolve("policy.yaml"), BuiltInPolicy.HOSPITAL.text().replace("version: 1\n", version));
        product.policy().sign(file, key);
        product.policy()
                .simulate(file, null, List.of(PathBytes.of(temp.resolve("srv").toString())));
        product.policy().activate(file);
        assertThat(Optional.ofNullable(product.policy().inForce().activated())).isPresent();
    }
}
