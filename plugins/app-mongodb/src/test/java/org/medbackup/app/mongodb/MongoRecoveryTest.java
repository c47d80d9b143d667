package org.medbackup.app.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.app.mongodb.fake.FakeMember;
import org.medbackup.app.mongodb.fake.FakePrograms;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.RecoveryTarget;

/** A restored folder under a program that stands for mongod. */
@Timeout(60)
class MongoRecoveryTest {

    private final Stage stage = new Stage();
    private final FakeMember member = stage.member("rs0");
    private Map<String, String> evidence = Map.of();

    @TempDir
    private Path scratch;

    @AfterEach
    void close() {
        stage.close();
    }

    private RestoredFiles restored() {
        for (int i = 0; i < 7; i++) {
            member.write();
        }
        var run = stage.back(stage.application(member.place()), stage.copy(() -> {}));
        var all = new HashMap<>(run.discovery().facts());
        all.putAll(run.consistency().evidence());
        evidence = all;
        return new RestoredFiles(stage.folder.resolve("copy"), all, scratch);
    }

    private Recovered start(FakePrograms programs, RestoredFiles files) {
        return new MongoProvider().recovery(new Outside(stage.time, programs)).start(files, stage.soon());
    }

    @Test
    void aRestoredMemberStartsAloneOnLoopbackAndIsChecked() {
        RestoredFiles files = restored();
        var programs = new FakePrograms(FakePrograms.Kind.WORKS);

        try (Recovered recovered = start(programs, files)) {
            assertThat(recovered.verify(stage.soon())).isNotEmpty().allMatch(Readiness::ok);
            assertThat(recovered.reached().position()).isEqualTo(evidence.get("timestamp"));
            assertThat(recovered.address()).startsWith("mongodb://127.0.0.1:");
            assertThat(programs.started().getFirst())
                    .contains("--bind_ip", "127.0.0.1", "recoverFromOplogAsStandalone=true")
                    .doesNotContain("--replSet", "--auth");
            assertThat(programs.data().isConsistent()).isTrue();
            try (Restored server = Restored.open(URI.create(recovered.address()), stage.soon())) {
                assertThat(server.sums(stage.soon())).containsOnlyKeys("clinic");
            }
        }
        assertThat(programs.isRunning()).isFalse();
    }

    @Test
    void aFolderThatWasRestoredElsewhereIsFound() {
        RestoredFiles files = restored();
        Path now = stage.folder.resolve("copy" + member.folder());
        var moved = new RestoredFiles(
                stage.folder.resolve("nothing"),
                evidence,
                scratch,
                new RecoveryTarget.BackupEnd(),
                null,
                Map.of(member.folder(), now));
        var programs = new FakePrograms(FakePrograms.Kind.WORKS);

        start(programs, moved).close();

        assertThat(files.moved()).isEmpty();
        assertThat(programs.data().isConsistent()).isTrue();
    }

    @Test
    void damageThatTheServerFindsIsTold() {
        var programs = new FakePrograms(FakePrograms.Kind.FINDS_DAMAGE);
        try (Recovered recovered = start(programs, restored())) {
            assertThat(recovered.verify(stage.soon())).noneMatch(Readiness::ok);
        }
    }

    @Test
    void aServerThatDoesNotStopIsKilled() {
        var programs = new FakePrograms(FakePrograms.Kind.DOES_NOT_STOP);

        start(programs, restored()).close();

        assertThat(programs.isRunning()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "ABSENT, APPLICATION_PROGRAM_MISSING",
        "BROKEN, APPLICATION_PROGRAM_MISSING",
        "ENDS_AT_ONCE, RESTORED_APPLICATION_INVALID"
    })
    void aProgramThatDoesNotRunIsTold(FakePrograms.Kind kind, ErrorCode code) {
        RestoredFiles files = restored();

        assertThatThrownBy(() -> start(new FakePrograms(kind), files))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void whatIsNoDataDirectoryIsRefusedBeforeAnythingStarts() throws Exception {
        RestoredFiles files = restored();
        Path data = stage.folder.resolve("copy" + member.folder());
        Files.delete(data.resolve("WiredTiger"));
        var programs = new FakePrograms(FakePrograms.Kind.WORKS);

        assertThatThrownBy(() -> start(programs, files)).isInstanceOf(BackupException.class);
        assertThatThrownBy(() -> start(programs, new RestoredFiles(files.root(), Map.of(), scratch)))
                .isInstanceOf(BackupException.class);
        assertThatThrownBy(() -> start(
                        programs,
                        new RestoredFiles(
                                files.root(),
                                evidence,
                                scratch,
                                new RecoveryTarget.AtTime(Instant.EPOCH),
                                null,
                                Map.of())))
                .isInstanceOf(BackupException.class);
        assertThat(programs.started()).isEmpty();
    }
}
