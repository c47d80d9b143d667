package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.RepositorySuspicions.Subject;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.MemoryStore;

/** What is suspected to hold the work of ransomware, and what that keeps. */
class SuspicionTest {

    private static final PlacementPolicy POLICY = PlacementPolicy.single();
    private static final RetentionRules NEWEST = new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO);

    @TempDir
    Path temp;

    private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T10:00:00Z"));
    private final MemoryStore store = new MemoryStore();
    private EngineContext context;
    private org.medbackup.core.Secret writerKey;
    private Path source;

    @BeforeEach
    void create() throws IOException {
        context = Sandbox.at(Sandbox.context(temp.resolve("state")), time);
        writerKey = Repository.create(store, context, Sandbox.password(), 10).writerKey();
        source = Files.createDirectories(temp.resolve("ward"));
    }

    private Repository open() {
        return Repository.open(store, context, new Credential.Password(Sandbox.password()), Sandbox.SILENT);
    }

    private Repository openAsWriter() {
        return Repository.open(store, context, new Credential.KeyFile(writerKey), Sandbox.SILENT);
    }

    private String backup(Repository repository, String name) {
        try {
            Files.writeString(source.resolve("chart"), name + time.now());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
        time.advance(Duration.ofDays(1));
        return repository
                .backup(BackupRequest.of(name, List.of(Sandbox.path(source))), Sandbox.SILENT)
                .snapshot();
    }

    private static void fails(ErrorCode code, Runnable work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private static Subject of(String snapshot, String source) {
        return new Subject(snapshot, source, "test-host");
    }

    @Test
    void nothingOfASuspectSourceIsGivenUpUntilSomebodyClearsIt() {
        try (Repository repository = open()) {
            String ward = backup(repository, "ward");
            String office = backup(repository, "office");
            backup(repository, "office");
            String suspect = backup(repository, "ward");
            RepositorySuspicions suspicions = repository.suspicions();

            Suspicion found = suspicions.suspect(of(suspect, "ward"), List.of("SWEEP"), "medbackup", ward, POLICY);
            ForgetResult result = repository.forget(NEWEST, false, Sandbox.SILENT);

            assertThat(suspicions.standing()).containsExactly(found);
            assertThat(result.removed()).containsExactly(office);
            assertThat(result.refused()).singleElement().satisfies(refused -> {
                assertThat(refused.id()).isEqualTo(ward);
                assertThat(refused.reason()).contains(suspect.substring(0, 8)).contains("suspect");
            });
            assertThat(repository.forget(Set.of(ward), false, Sandbox.SILENT).removed())
                    .isEmpty();
            Suspicion cleared = suspicions.clear(suspect.substring(0, 8), "a migration", "j.doe", POLICY);
            assertThat(cleared).isEqualTo(found);
            assertThat(suspicions.standing()).isEmpty();
            assertThat(suspicions.cleared()).containsExactly(suspect);
            assertThat(repository.forget(NEWEST, false, Sandbox.SILENT).removed())
                    .containsExactly(ward);
        }
    }

    @Test
    void aWriterSuspectsAndOnlyTheOwnerClears() {
        try (Repository writer = openAsWriter();
                Repository owner = open()) {
            String suspect = backup(writer, "ward");
            writer.suspicions().suspect(of(suspect, "ward"), List.of("CANARY"), "medbackup", "", POLICY);

            assertThat(owner.suspicions().standing()).singleElement().satisfies(found -> {
                assertThat(found.snapshot()).isEqualTo(suspect);
                assertThat(found.signs()).containsExactly("CANARY");
            });
            fails(ErrorCode.KEY_ROLE_INSUFFICIENT, () -> writer.suspicions().clear(suspect, "r", "w", POLICY));
            fails(ErrorCode.KEY_ROLE_INSUFFICIENT, () -> writer.suspicions().standing());
            assertThat(owner.verify(VerifyLevel.STRUCTURE, 1, Set.of(), Sandbox.SILENT)
                            .damaged())
                    .isEmpty();
        }
    }

    @Test
    void whatIsWrongIsRefused() {
        try (Repository repository = open()) {
            String one = backup(repository, "ward");
            RepositorySuspicions suspicions = repository.suspicions();
            fails(ErrorCode.SUSPICION_NOT_FOUND, () -> suspicions.clear(one, "why", "me", POLICY));
            suspicions.suspect(of(one, "ward"), List.of("SWEEP"), "medbackup", "", POLICY);
            fails(ErrorCode.USAGE, () -> suspicions.clear(one, " ", "me", POLICY));
            fails(ErrorCode.SUSPICION_NOT_FOUND, () -> suspicions.clear("", "why", "me", POLICY));
        }
    }

    @Test
    void aDamagedRecordGivesNothingUpAndIsFoundByVerify() {
        try (Repository repository = open()) {
            String ward = backup(repository, "ward");
            backup(repository, "ward");
            repository.suspicions().suspect(of(ward, "other"), List.of("SWEEP"), "medbackup", "", POLICY);
            ObjectName name = store.names("a/").getFirst();
            byte[] object = store.readAll(name);
            assertThat(new String(object, StandardCharsets.ISO_8859_1)).doesNotContain("SWEEP", "other");
            object[40] ^= 1;
            store.overwrite(name, object);

            fails(ErrorCode.SUSPICIONS_UNREADABLE, () -> repository.forget(NEWEST, false, Sandbox.SILENT));
            assertThat(repository
                            .verify(VerifyLevel.STRUCTURE, 1, Set.of(), Sandbox.SILENT)
                            .damaged())
                    .extracting(VerifyResult.Damage::object)
                    .contains(name.text());
        }
    }

    @Test
    void aRecordOfAnotherNameIsNotTaken() {
        try (Repository repository = open()) {
            String ward = backup(repository, "ward");
            repository.suspicions().suspect(of(ward, "ward"), List.of("SWEEP"), "medbackup", "", POLICY);
            byte[] object = store.readAll(store.names("a/").getFirst());
            store.overwrite(ObjectName.of("a/0123456789ab-01234567"), object);

            fails(ErrorCode.SUSPICIONS_UNREADABLE, () -> repository.suspicions().standing());
        }
    }

    @Test
    void whatLiesThereUnderAnotherNameIsNotOurs() {
        try (Repository repository = open()) {
            store.overwrite(ObjectName.of("a/notes"), new byte[] {1});
            assertThat(repository.suspicions().standing()).isEmpty();
        }
    }

    @Test
    void aCopyKnowsOfThem() {
        var copy = new MemoryStore();
        try (Repository repository = open()) {
            String ward = backup(repository, "ward");
            repository.suspicions().suspect(of(ward, "ward"), List.of("SWEEP"), "medbackup", "", POLICY);

            repository.copy(ward, copy, Sandbox.SILENT);
        }
        EngineContext other = Sandbox.at(Sandbox.context(temp.resolve("other")), time);
        try (Repository second =
                Repository.open(copy, other, new Credential.Password(Sandbox.password()), Sandbox.SILENT)) {
            assertThat(second.suspicions().standing()).hasSize(1);
        }
    }

    @Test
    void aClockYearsAheadGivesNothingUp() {
        try (Repository repository = open()) {
            backup(repository, "ward");
            backup(repository, "ward");
            time.advance(Duration.ofDays(700));

            fails(ErrorCode.CLOCK_NOT_BELIEVED, () -> repository.forget(NEWEST, false, Sandbox.SILENT));

            backup(repository, "ward");
            assertThat(repository.forget(NEWEST, false, Sandbox.SILENT).removed())
                    .hasSize(2);
        }
    }
}
