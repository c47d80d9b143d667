package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;
import org.medbackup.testkit.MemoryStore;

/** The store fails at each call of a backup in turn. */
class FaultTest {

    @TempDir
    Path temp;

    private final MemoryStore before = new MemoryStore();
    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));
    private String first = "";

    @BeforeEach
    void backUpOnce() throws IOException {
        source = Files.createDirectories(temp.resolve("source"));
        Files.write(source.resolve("image.dcm"), Bytes.random(1, 900_000));
        Files.write(source.resolve("note.txt"), "note".getBytes(UTF_8));
        sandbox = new Sandbox(temp.resolve("state"), before).create();
        first = sandbox.backup(source).snapshot();
        Files.write(source.resolve("later.dcm"), Bytes.random(2, 900_000));
    }

    private BackupResult backup(ObjectStore store, int number) {
        EngineContext context = Sandbox.context(temp.resolve("state" + number));
        var credential = new Credential.KeyFile(sandbox.writerKey());
        try (Repository repository = Repository.open(store, context, credential, Sandbox.SILENT)) {
            return repository.backup(BackupRequest.of("test", List.of(Sandbox.path(source))), Sandbox.SILENT);
        }
    }

    private static Fault onWrites(Call call, Fault fault) {
        return fault == Fault.FAILS || call == Call.PUT ? fault : Fault.NONE;
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void afterAFaultAtAnyCallWhatWasCommittedIsWholeAndTheNextBackupWorks(Fault fault) {
        boolean ended = false;
        for (int number = 1; !ended; number++) {
            int at = number;
            MemoryStore inner = before.copy();
            var store = new FaultyStore(inner, (call, name, count) -> count == at ? onWrites(call, fault) : Fault.NONE);
            String made = "";
            try {
                made = backup(store, number).snapshot();
                ended = store.calls() < at;
            } catch (BackupException failed) {
                assertThat(failed.code()).as("call " + at).isIn(ErrorCode.STORE_UNAVAILABLE, ErrorCode.NO_SPACE);
                assertThat(failed.remedy()).isNotEmpty();
            }

            var after = new Sandbox(temp.resolve("after" + number), inner);
            VerifyResult verified = after.verify(VerifyLevel.CONTENT);
            assertThat(verified.damaged()).as("call " + at).isEmpty();
            assertThat(verified.snapshots()).as("call " + at).contains(first);
            if (!made.isEmpty()) {
                assertThat(verified.snapshots()).as("call " + at).contains(made);
            }
            BackupResult next = backup(inner, 1000 + number);
            after.restore(next.snapshot(), source, temp.resolve("out" + number));
            assertThat(temp.resolve("out" + number + "/later.dcm"))
                    .as("call " + at)
                    .hasBinaryContent(Bytes.random(2, 900_000));
        }
    }

    @Test
    void aFullStoreIsAFailureOfTheBackupAndSaysSo() {
        var store = new FaultyStore(
                before.copy(),
                (call, name, count) -> call == Call.PUT && name.startsWith("d/") ? Fault.FULL : Fault.NONE);

        assertThatThrownBy(() -> backup(store, 1))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NO_SPACE));
    }

    @Test
    void aStoreThatFailsEndsARestoreAndLeavesNoHalfFile() {
        var store = new FaultyStore(
                before, (call, name, count) -> call == Call.READ && name.startsWith("d/") ? Fault.FAILS : Fault.NONE);
        try (Repository repository = sandbox.open(store)) {
            assertThatThrownBy(() -> repository.restore(RestoreRequest.of(first, temp.resolve("out")), Sandbox.SILENT))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        }
        assertThat(temp.resolve("out" + source + "/image.dcm")).doesNotExist();
    }

    @Test
    void aStoreThatFailsWhileVerifyingIsAFailureAndNotDamage() {
        var store = new FaultyStore(
                before, (call, name, count) -> call == Call.READ && name.startsWith("d/") ? Fault.FAILS : Fault.NONE);
        try (Repository repository = sandbox.open(store)) {
            assertThatThrownBy(() -> repository.verify(VerifyLevel.CONTENT, 1, Set.of(), Sandbox.SILENT))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        }
    }
}
