package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.access.Approval;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.Outcome;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.LegalHold;
import org.medbackup.engine.RetentionRules;

/** One administrator alone gives up nothing that protects restore points, by no call of the Java API. */
class NobodyAloneTest {

    private static final RetentionRules ENOUGH = new RetentionRules(0, 31, 0, 0, 0, Duration.ZERO);
    private static final RetentionRules LESS = new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO);

    @TempDir
    Path temp;

    private Clinic clinic;
    private String first = "";
    private String second = "";

    @BeforeEach
    void govern() {
        clinic = new Clinic(temp);
        clinic.govern();
        first = clinic.backup("one");
        second = clinic.backup("two");
        clinic.backup("three");
    }

    @AfterEach
    void close() {
        clinic.close();
    }

    private List<String> points() {
        return clinic.as("anna").snapshots(clinic.access, "", new java.util.TreeMap<>()).stream()
                .map(each -> each.snapshot().id())
                .toList();
    }

    private void forget(String who, String id) {
        clinic.as(who).forget(clinic.access, RetentionRules.NONE, List.of(id), false);
    }

    /** What the trail has of the last operation of this name. */
    private BackupEvent.Ended last(String action) {
        return clinic.events.all().stream()
                .filter(BackupEvent.Ended.class::isInstance)
                .map(BackupEvent.Ended.class::cast)
                .filter(each -> each.action().equals(action))
                .reduce((one, two) -> two)
                .orElseThrow();
    }

    @Test
    void heCannotDelete() {
        Clinic.refused(ErrorCode.APPROVAL_NEEDED, () -> forget("anna", first));
        Clinic.refused(ErrorCode.ACCESS_DENIED, () -> forget("carl", first));
        Clinic.refused(ErrorCode.ACCESS_DENIED, () -> forget("rosa", first));
        Clinic.refused(ErrorCode.APPROVAL_NEEDED, () -> forget("nightly", first));
        Clinic.refused(ErrorCode.ACCESS_DENIED, () -> forget("eve", first));

        assertThat(points()).contains(first, second);
        BackupEvent.Ended refused = last("forget");
        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(clinic.as("dora").verifyAudit().valid()).isTrue();
    }

    @Test
    void heCannotShortenWhatIsKept() {
        Clinic.refused(
                ErrorCode.APPROVAL_NEEDED, () -> clinic.as("anna").forget(clinic.access, LESS, List.of(), false));
        Clinic.refused(
                ErrorCode.APPROVAL_NEEDED,
                () -> clinic.as("nightly").forgetOfTheSame(clinic.access, LESS, List.of(first)));
        assertThat(clinic.as("anna")
                        .forget(clinic.access, LESS, List.of(), true)
                        .removed())
                .as("what it would give up may be asked")
                .containsExactlyInAnyOrder(first, second);
        assertThat(points()).contains(first, second);

        assertThat(clinic.as("nightly")
                        .forgetOfTheSame(clinic.access, ENOUGH, List.of(first))
                        .removed())
                .as("rules that keep what was agreed go on by themselves")
                .containsExactlyInAnyOrder(first, second);
    }

    @Test
    void heCannotReleaseAHold() {
        LegalHold hold = clinic.as("carl")
                .holds()
                .place(clinic.access, "matter", LegalHold.Selector.of(Set.of(first)))
                .hold();

        Clinic.refused(
                ErrorCode.APPROVAL_NEEDED, () -> clinic.as("carl").holds().release(clinic.access, hold.id(), "over"));
        Clinic.refused(
                ErrorCode.ACCESS_DENIED, () -> clinic.as("anna").holds().release(clinic.access, hold.id(), "over"));
        assertThat(clinic.as("carl").holds().list(clinic.access)).hasSize(1);
    }

    @Test
    void heCannotTakeOrGiveKeys() {
        KeyOperations keys = clinic.as("carl").keys();

        Clinic.refused(
                ErrorCode.APPROVAL_NEEDED,
                () -> keys.rotate(clinic.access, new CredentialSource.None(), KeyDerivation.PBKDF2, true));
        Clinic.refused(ErrorCode.APPROVAL_NEEDED, () -> keys.exportRecovery(clinic.access, temp.resolve("owner.key")));
        Clinic.refused(
                ErrorCode.APPROVAL_NEEDED,
                () -> keys.addRecipient(clinic.access, KeyRole.READER, "me", temp.resolve("reader.key")));
        String signer = keys.list(clinic.access).keys().stream()
                .map(each -> each.id())
                .filter(id -> id.startsWith("signer-"))
                .toList()
                .getLast();
        assertThat(signer).isNotEmpty();
        Clinic.refused(ErrorCode.ACCESS_DENIED, () -> clinic.as("anna").keys().revoke(clinic.access, signer));
        assertThat(temp.resolve("owner.key")).doesNotExist();
        assertThat(temp.resolve("reader.key")).doesNotExist();
    }

    @Test
    void heCannotMakeHimselfAnApproverOrLowerTheQuorum() {
        String alone = clinic.rules()
                .replace("version: 1", "version: 2")
                .replace("quorum: 2", "quorum: 1")
                .replace("roles: [backup-operator]", "roles: [backup-operator, approver, security-officer]");

        Clinic.refused(
                ErrorCode.ACCESS_UNTRUSTED,
                () -> clinic.as("carl").access().activate(clinic.signed(alone, "anna"), clinic.access));
        Clinic.refused(
                ErrorCode.ACCESS_UNTRUSTED,
                () -> clinic.as("carl").access().activate(clinic.signed(alone, "anna", "bert"), clinic.access));
        Clinic.refused(
                ErrorCode.ACCESS_DENIED,
                () -> clinic.as("anna").access().activate(clinic.signed(alone, "anna", "eve"), clinic.access));
        assertThat(clinic.as("dora").access().show().rules())
                .isNotNull()
                .satisfies(rules -> assertThat(rules.version()).isEqualTo(1));
        assertThat(clinic.as("carl")
                        .access()
                        .activate(clinic.signed(alone, "bert", "dora"), clinic.access)
                        .signers())
                .as("two of those in force may")
                .containsExactly("bert", "dora");
    }

    @Test
    void whatTwoOthersApproveHappensOnceAndExactly() {
        Approval made = clinic.approved("anna", () -> forget("anna", first));

        Clinic.refused(ErrorCode.APPROVAL_NEEDED, () -> forget("anna", second));
        Clinic.refused(
                ErrorCode.APPROVAL_NEEDED,
                () -> clinic.as("anna").forget(clinic.access, RetentionRules.NONE, List.of(first, second), false));
        Clinic.refused(ErrorCode.APPROVAL_NEEDED, () -> forget("nightly", first));
        forget("anna", first);
        assertThat(points()).contains(second).doesNotContain(first);
        Clinic.refused(ErrorCode.APPROVAL_NEEDED, () -> forget("anna", second));
        assertThat(clinic.as("anna").access().approvals()).singleElement().satisfies(listed -> {
            assertThat(listed.state()).isEqualTo("USED");
            assertThat(listed.approvers()).containsExactly("bert", "cora");
            assertThat(listed.quorum()).isEqualTo(2);
        });
        Clinic.refused(
                ErrorCode.APPROVAL_REFUSED,
                () -> clinic.as("dora").access().approve(made.request().id(), clinic.key("dora")));
        assertThat(last("approval-approve").outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(clinic.events.all())
                .filteredOn(BackupEvent.PhaseEnded.class::isInstance)
                .extracting(each -> ((BackupEvent.PhaseEnded) each).facts().open())
                .as("the trail says by whose approval it happened")
                .contains(java.util.Map.of("approval", made.request().id(), "approvers", "bert,cora"));
    }

    /** The state of this host is set back to before the approval was used: the repository remembers. */
    @Test
    void anApprovalIsNotReplayedByAStateThatWasSetBack() throws IOException {
        KeyOperations keys = clinic.as("carl").keys();
        clinic.approved("carl", () -> keys.exportRecovery(clinic.access, temp.resolve("owner.key")));
        Path copy = temp.resolve("copy-of-access");
        copy(temp.resolve("state/access"), copy);
        keys.exportRecovery(clinic.access, temp.resolve("owner.key"));
        assertThat(temp.resolve("owner.key")).exists();
        try (Stream<Path> files = Files.list(temp.resolve("state/access"))) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        copy(copy, temp.resolve("state/access"));

        Clinic.refused(ErrorCode.APPROVAL_NEEDED, () -> keys.exportRecovery(clinic.access, temp.resolve("second.key")));
        assertThat(temp.resolve("second.key")).doesNotExist();
    }

    @Test
    void anApprovalIsNotUsedUpByWhatGivesNothingUp() {
        String newest = clinic.backup("four");
        Approval made = clinic.approved("anna", () -> forget("anna", first));
        LegalHold hold = clinic.as("carl")
                .holds()
                .place(clinic.access, "matter", LegalHold.Selector.of(Set.of(first)))
                .hold();

        forget("anna", first);
        forget("anna", newest);

        assertThat(hold.id()).isNotEmpty();
        assertThat(points()).contains(first, newest);
        assertThat(clinic.as("anna").access().approvals()).singleElement().satisfies(listed -> {
            assertThat(listed.approval().request()).isEqualTo(made.request());
            assertThat(listed.state()).isEqualTo("READY");
        });
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path each : files.toList()) {
                Files.copy(each, to.resolve(each.getFileName()));
            }
        }
    }

    @Test
    void nothingHappensBeforeItHasCooledOffOrAfterItHasEnded() {
        Approval made =
                clinic.as("anna").access().request(() -> forget("anna", first)).approval();
        clinic.as("bert").access().approve(made.request().id(), clinic.key("bert"));
        Clinic.refused(ErrorCode.APPROVAL_NEEDED, () -> forget("anna", first));
        clinic.as("cora").access().approve(made.request().id(), clinic.key("cora"));

        Clinic.refused(ErrorCode.APPROVAL_NEEDED, () -> forget("anna", first));
        clinic.wait(Duration.ofDays(7));
        Clinic.refused(ErrorCode.APPROVAL_NEEDED, () -> forget("anna", first));
        assertThat(points()).contains(first);
        assertThat(clinic.as("anna").access().approvals().getFirst().state()).isEqualTo("EXPIRED");
    }

    @Test
    void heCannotApproveHisOwnRequestNorByAKeyThatNobodyKnows() {
        Approval made =
                clinic.as("anna").access().request(() -> forget("anna", first)).approval();

        for (String key : List.of("anna", "eve")) {
            Clinic.refused(
                    ErrorCode.APPROVAL_REFUSED,
                    () -> clinic.as("anna").access().approve(made.request().id(), clinic.key(key)));
        }
        Clinic.refused(
                ErrorCode.APPROVAL_NOT_FOUND, () -> clinic.as("bert").access().approve("ffff", clinic.key("bert")));
        Clinic.refused(
                ErrorCode.APPROVAL_REFUSED,
                () -> clinic.as("bert")
                        .access()
                        .approve(
                                made.request().id(),
                                new Approval.Signature(clinic.publicKey("bert").substring(0, 16), "AAAA")));
    }

    /** The password alone, on a machine that has never heard of the rules, is not enough. */
    @Test
    void anotherHostFindsTheRulesAtTheRepository() {
        MedBackup elsewhere = clinic.as("eve", "elsewhere");

        assertThat(elsewhere.access().show().rules()).isNull();
        Clinic.refused(
                ErrorCode.ACCESS_DENIED,
                () -> elsewhere.forget(clinic.access, RetentionRules.NONE, List.of(first), false));
        assertThat(elsewhere.access().show().rules()).as("it knows them now").isNotNull();
        Clinic.refused(
                ErrorCode.ACCESS_DENIED, () -> elsewhere.snapshots(clinic.access, "", new java.util.TreeMap<>()));
        MedBackup third = clinic.as("eve", "third");
        Clinic.refused(
                ErrorCode.ACCESS_DENIED,
                () -> third.restore(
                        clinic.access, new RestoreOrder(first, PathBytes.of("/"), List.of(), temp.resolve("stolen"))));
        assertThat(temp.resolve("stolen")).doesNotExist();
    }

    @Test
    void whatIsLeftByNoRestorePointIsFreedWithoutApproval() {
        assertThat(clinic.as("nightly")
                        .collect(clinic.access, CollectRequest.usual())
                        .isWhole())
                .isTrue();
        assertThat(points()).contains(first, second);
    }

    @Test
    void theRulesOfThisHostThatWereChangedLetNobodyDoAnything() throws IOException {
        Path version = temp.resolve("state/access/version-0000000001");
        byte[] sealed = Files.readAllBytes(version);
        sealed[sealed.length - 1] ^= 1;
        Files.write(version, sealed);
        clinic.close();

        Clinic.refused(ErrorCode.ACCESS_UNTRUSTED, () -> forget("anna", first));
        Clinic.refused(ErrorCode.ACCESS_UNTRUSTED, () -> clinic.as("anna").stats(clinic.access));
    }

    @Test
    void onlyWhatOthersApproveCanBeRequested() {
        AccessOperations anna = clinic.as("anna").access();

        Clinic.refused(
                ErrorCode.USAGE, () -> anna.request(() -> clinic.as("anna").stats(clinic.access)));
        Clinic.refused(
                ErrorCode.USAGE,
                () -> anna.request(() -> clinic.as("anna").forget(clinic.access, ENOUGH, List.of(), false)));
        Clinic.refused(ErrorCode.ACCESS_DENIED, () -> clinic.as("rosa").access().request(() -> forget("rosa", first)));
        Clinic.refused(ErrorCode.USAGE, () -> anna.request(() -> {}));
        assertThat(points()).contains(first, second);
    }
}
