package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.access.AccessRecords;
import org.medbackup.core.spi.access.Guard;
import org.medbackup.core.spi.access.ProtectedAct;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.MemoryStore;

/** Rules of access lie in the repository: whoever opens it comes by them before something is given up. */
class RepositoryRulesTest {

    private static final PlacementPolicy POLICY = PlacementPolicy.single();
    private static final RetentionRules NEWEST = new RetentionRules(1, 0, 0, 0, 0, Duration.ofHours(2));
    private static final ObjectName FIRST = ObjectName.of("l/0000000001");

    @TempDir
    Path temp;

    private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T10:00:00Z"));
    private final MemoryStore store = new MemoryStore();
    private final List<ProtectedAct> asked = new ArrayList<>();
    private EngineContext context;
    private Secret writerKey;

    @BeforeEach
    void create() {
        context = Sandbox.at(Sandbox.context(temp.resolve("state")), time);
        writerKey = Repository.create(store, context, Sandbox.password(), 10).writerKey();
    }

    private Repository open(Guard guard) {
        return Repository.open(store, context.with(guard), new Credential.Password(Sandbox.password()), Sandbox.SILENT);
    }

    /** Lets everything happen, and remembers it. */
    private void ask(ProtectedAct act, AccessRecords records) {
        asked.add(act);
    }

    private String backup(Repository repository) {
        try {
            Path source = Files.createDirectories(temp.resolve("ward"));
            Files.writeString(source.resolve("chart"), String.valueOf(time.now()));
            time.advance(Duration.ofDays(1));
            return repository
                    .backup(BackupRequest.of("ward", List.of(Sandbox.path(source))), Sandbox.SILENT)
                    .snapshot();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void fails(ErrorCode code, Runnable work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void versionsLieThereInOrderAndNoneIsReplaced() {
        try (Repository repository = open(Guard.none())) {
            assertThat(repository.rules().rules()).isEmpty();
            repository.rules().put(1, "anna may", POLICY);
            repository.rules().put(2, "nobody may", POLICY);

            assertThat(repository.rules().rules())
                    .containsExactly(new AccessRecords.Rules(1, "anna may"), new AccessRecords.Rules(2, "nobody may"));
            fails(ErrorCode.ACCESS_OUTDATED, () -> repository.rules().put(2, "anna may all", POLICY));
            fails(ErrorCode.ACCESS_OUTDATED, () -> repository.rules().put(4, "anna may all", POLICY));
            assertThat(new String(store.readAll(FIRST), java.nio.charset.StandardCharsets.ISO_8859_1))
                    .as("names of persons are sealed")
                    .doesNotContain("anna");
        }
    }

    @Test
    void anApprovalIsUsedUpOnceWhoeverAsks() {
        try (Repository one = open(Guard.none());
                Repository two = open(Guard.none())) {
            assertThat(one.rules().useUp("ab".repeat(16))).isTrue();
            assertThat(two.rules().useUp("ab".repeat(16))).isFalse();
            assertThat(two.rules().useUp("cd".repeat(16))).isTrue();
            assertThat(one.rules().rules()).as("they are no versions").isEmpty();
        }
    }

    @Test
    void whoeverKnowsNoRulesGivesNothingUpWhereThereAreSome() {
        try (Repository repository = open(Guard.none())) {
            String first = backup(repository);
            String second = backup(repository);
            backup(repository);
            LegalHold hold =
                    repository.holds().place("matter", "counsel", LegalHold.Selector.of(Set.of(first)), POLICY);
            repository.rules().put(1, "anna may", POLICY);

            fails(ErrorCode.ACCESS_RULES_UNKNOWN, () -> repository.forget(Set.of(second), false, Sandbox.SILENT));
            fails(ErrorCode.ACCESS_RULES_UNKNOWN, () -> repository.forget(NEWEST, false, Sandbox.SILENT));
            fails(ErrorCode.ACCESS_RULES_UNKNOWN, () -> repository.holds().release(hold.id(), "over", "eve", POLICY));
            fails(ErrorCode.ACCESS_RULES_UNKNOWN, () -> repository.keys().exportRecovery());
            fails(ErrorCode.ACCESS_RULES_UNKNOWN, () -> repository.keys().addRecipient(KeyRole.READER, "eve"));
            fails(ErrorCode.ACCESS_RULES_UNKNOWN, () -> repository.keys().rotate(Sandbox.password(), 10, false));
            assertThat(repository.forget(Set.of(first), true, Sandbox.SILENT).refused())
                    .as("what would be given up may be asked")
                    .hasSize(1);
            assertThat(backup(repository)).as("backups go on").isNotEmpty();
            assertThat(repository.snapshots(Sandbox.SILENT)).hasSize(4);
        }
    }

    @Test
    void theGuardIsToldExactlyWhatIsAboutToBeGivenUp() {
        try (Repository repository = open(this::ask)) {
            String first = backup(repository);
            String second = backup(repository);
            String third = backup(repository);
            LegalHold hold =
                    repository.holds().place("matter", "counsel", LegalHold.Selector.of(Set.of(first)), POLICY);
            repository.holds().release(hold.id(), "over", "counsel", POLICY);
            var two = new RetentionRules(2, 0, 0, 0, 0, Duration.ofHours(2));
            repository.forget(NEWEST, true, Sandbox.SILENT);
            repository.forget(two, false, Sandbox.SILENT);
            repository.forget(two, false, Sandbox.SILENT);
            repository.forget(Set.of(second), false, Sandbox.SILENT);
            repository.forget(Set.of(third), false, Sandbox.SILENT);
            repository.keys().exportRecovery(2, 3);
            repository.keys().exportRecovery();
            repository.keys().addRecipient(KeyRole.READER, "archive");
            String signer = repository.keys().list(Sandbox.SILENT).stream()
                    .filter(each ->
                            each.kind() == KeyInfo.Kind.SIGNER && each.role().equals("writer"))
                    .findFirst()
                    .orElseThrow()
                    .id();
            repository.keys().revoke(signer, Sandbox.SILENT);
            repository.keys().rotate(Sandbox.password(), 10, true);

            assertThat(asked).allSatisfy(act -> assertThat(act.repository()).isEqualTo(repository.id()));
            assertThat(asked)
                    .extracting(act -> act.kind().word() + " " + act.parameters())
                    .containsExactly(
                            "hold-release {hold=" + hold.id() + "}",
                            "expire {last=2, within=7200}",
                            "forget {snapshots=" + second + "}",
                            "key-give {role=owner, shares=2/3}",
                            "key-give {role=owner}",
                            "key-give {role=reader}",
                            "key-take {key=" + signer + "}",
                            "key-take {key=owner, pairs=true}");
        }
    }

    @Test
    void rulesThatDoNotOpenLetNothingBeGivenUp() {
        try (Repository repository = open(Guard.none())) {
            String first = backup(repository);
            backup(repository);
            repository.rules().put(1, "anna may", POLICY);
            byte[] object = store.readAll(FIRST);
            object[object.length / 2] ^= 1;
            store.delete(FIRST);
            store.putIfAbsent(FIRST, ObjectContent.of(object));

            fails(ErrorCode.ACCESS_RECORDS_UNREADABLE, () -> repository.rules().rules());
            fails(ErrorCode.ACCESS_RECORDS_UNREADABLE, () -> repository.forget(Set.of(first), false, Sandbox.SILENT));
            assertThat(repository
                            .verify(VerifyLevel.STRUCTURE, 1, Set.of(), Sandbox.SILENT)
                            .damaged())
                    .extracting(VerifyResult.Damage::object)
                    .contains(FIRST.text());
        }
    }

    @Test
    void oneUnderTheNameOfAnotherIsFound() {
        try (Repository repository = open(Guard.none())) {
            repository.rules().useUp("ab".repeat(16));
            store.putIfAbsent(FIRST, ObjectContent.of(store.readAll(ObjectName.of("l/used-" + "ab".repeat(16)))));

            fails(ErrorCode.ACCESS_RECORDS_UNREADABLE, () -> repository.rules().rules());
        }
    }

    @Test
    void copiesHaveThemToo() {
        var copy = new MemoryStore();
        try (Repository repository = open(Guard.none())) {
            String first = backup(repository);
            repository.copy(first, copy, Sandbox.SILENT);
            repository.rules().put(1, "anna may", POLICY);
            repository.rules().bring(new MemoryStore(), POLICY, Sandbox.SILENT);
            repository.rules().bring(copy, POLICY, Sandbox.SILENT);
        }
        try (Repository second =
                Repository.open(copy, context, new Credential.Password(Sandbox.password()), Sandbox.SILENT)) {
            assertThat(second.rules().rules()).containsExactly(new AccessRecords.Rules(1, "anna may"));
            assertThat(second.verify(VerifyLevel.STRUCTURE, 1, Set.of(), Sandbox.SILENT)
                            .isWhole())
                    .isTrue();
        }
    }

    @Test
    void onlyTheOwnerPutsThemThereAndAWriterBacksUpWithoutThem() {
        try (Repository repository =
                Repository.open(store, context, new Credential.KeyFile(writerKey), Sandbox.SILENT)) {
            fails(ErrorCode.KEY_ROLE_INSUFFICIENT, () -> repository.rules().put(1, "all may", POLICY));
            assertThat(backup(repository)).isNotEmpty();
        }
    }

    @Test
    void aPlaceWithoutRulesHasNone() {
        assertThat(AccessRecords.none().rules()).isEmpty();
        assertThat(AccessRecords.none().useUp("any")).isTrue();
    }
}
