package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.CapacityException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;

/** Room is made at a target that is full, for a backup that has just failed there. */
class FullTargetTest {

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));
    private String given = "";

    @BeforeEach
    void leaveGarbage() throws IOException {
        source = Files.createDirectories(temp.resolve("source"));
        sandbox = new Sandbox(temp.resolve("state")).create();
        Path old = Files.write(source.resolve("old.dcm"), Bytes.random(1, 2_000_000));
        given = sandbox.backup(source).snapshot();
        Files.delete(old);
        Files.writeString(source.resolve("note.txt"), "note");
        sandbox.backup(source);
        try (Repository repository = sandbox.open()) {
            repository.forget(Set.of(given), false, Sandbox.SILENT);
        }
    }

    private CapacityException failing(Fault fault, String prefix) {
        var full = new FaultyStore(
                sandbox.store,
                (call, name, number) -> call == Call.PUT && name.startsWith(prefix) ? fault : Fault.NONE);
        try (Repository repository = sandbox.open(full)) {
            return catchThrowableOfType(
                    CapacityException.class,
                    () -> repository.backup(BackupRequest.of("test", List.of(Sandbox.path(source))), Sandbox.SILENT));
        }
    }

    private CollectResult collect(CollectRequest request) {
        // What is written anew has no room.
        var full = new FaultyStore(
                sandbox.store,
                (call, name, number) -> call == Call.PUT && name.startsWith("d/") ? Fault.FULL : Fault.NONE);
        try (Repository repository = sandbox.open(full)) {
            return repository.collect(request, Sandbox.SILENT);
        }
    }

    @Test
    void whatAFailedAttemptHasSentStaysAndWhatNobodyNeedsGoesAtOnce() throws IOException {
        Files.write(source.resolve("new.dcm"), Bytes.random(2, 3_000_000));
        // It has sent its data when it fails.
        CapacityException failed = failing(Fault.FULL, "s/");
        List<ObjectName> sent = sandbox.store.names("d/");
        String ticket = failed.context().get("ticket");
        assertThat(ticket).matches("[0-9a-f]{32}");

        CollectResult waiting = collect(CollectRequest.deletingOnly());
        assertThat(waiting.packs().deleted())
                .as("while nobody knows that it has ended")
                .isZero();
        CollectResult freed = collect(CollectRequest.deletingOnly().knowingEnded(Set.of(String.valueOf(ticket))));

        assertThat(freed.packs().deleted()).isPositive();
        assertThat(freed.packs().rewritten()).isZero();
        assertThat(sandbox.store.names("d/")).hasSizeLessThan(sent.size());
        BackupResult again = sandbox.backup(source);
        assertThat(again.bytes().added()).as("what is sent again").isLessThan(1_000_000);
        assertThat(sandbox.verify(VerifyLevel.RESTORE).damaged()).isEmpty();
    }

    @Test
    void anAttemptThatWasSaidToHaveEndedNeverCommits() {
        CapacityException failed = failing(Fault.FULL, "s/");
        String ticket = String.valueOf(failed.context().get("ticket"));

        collect(CollectRequest.deletingOnly().knowingEnded(Set.of(ticket)));

        assertThat(sandbox.store.length(ObjectName.of("s/" + ticket)))
                .as("its slot holds the revocation")
                .isPresent();
        assertThat(sandbox.verify(VerifyLevel.STRUCTURE).snapshots()).hasSize(1).doesNotContain(ticket);
    }
}
