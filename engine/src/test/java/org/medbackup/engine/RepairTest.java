package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;
import org.medbackup.testkit.ForwardingStore;
import org.medbackup.testkit.MemoryStore;

/** What is damaged in a repository comes back from a copy. */
class RepairTest {

    @TempDir
    Path temp;

    private final MemoryStore copy = new MemoryStore();
    private Sandbox sandbox = new Sandbox(Path.of("state"));
    private String snapshot = "";

    @BeforeEach
    void backUpAndCopy() throws IOException {
        Path source = Files.createDirectories(temp.resolve("source"));
        Files.write(source.resolve("image.dcm"), Bytes.random(1, 900_000));
        Files.write(source.resolve("note.txt"), "note".getBytes(UTF_8));
        sandbox = new Sandbox(temp.resolve("state")).create();
        snapshot = sandbox.backup(source).snapshot();
        try (Repository repository = sandbox.open()) {
            repository.copy(snapshot, copy, Sandbox.SILENT);
        }
    }

    private RepairResult repair(List<String> objects, ObjectStore from) {
        try (Repository repository = sandbox.open()) {
            return repository.repair(objects, from);
        }
    }

    private List<String> damaged() {
        return sandbox.verify(VerifyLevel.RESTORE).damaged().stream()
                .map(VerifyResult.Damage::object)
                .toList();
    }

    private ObjectName pack() {
        return sandbox.store.names("d/").getFirst();
    }

    @Test
    void aDamagedPackComesBackByteForByte() {
        byte[] before = sandbox.store.readAll(pack());
        sandbox.store.flip(pack(), 1000);
        List<String> damaged = damaged();
        assertThat(damaged).contains(pack().text());

        RepairResult result = repair(damaged, copy);

        assertThat(result.repaired()).contains(pack().text());
        assertThat(result.left()).isEmpty();
        assertThat(sandbox.store.readAll(pack())).isEqualTo(before);
        assertThat(damaged()).isEmpty();
    }

    @Test
    void packsAndManifestsThatAreGoneComeBack() {
        List<ObjectName> gone = List.of(
                pack(),
                sandbox.store.names("m/").getFirst(),
                ObjectName.of("s/" + snapshot),
                sandbox.store.names("t/").getFirst());
        gone.forEach(sandbox.store::delete);

        RepairResult result = repair(gone.stream().map(ObjectName::text).toList(), copy);

        assertThat(result.repaired()).hasSize(4);
        assertThat(damaged()).isEmpty();
    }

    @Test
    void whatIsWholeIsLeftAlone() {
        RepairResult result =
                repair(List.of(pack().text(), "s/" + snapshot), new FaultyStore(copy, (call, name, number) -> {
                    throw new AssertionError("nothing is asked of the copy");
                }));

        assertThat(result.whole()).containsExactly(pack().text(), "s/" + snapshot);
        assertThat(result.repaired()).isEmpty();
    }

    @Test
    void whatTheCopyHasNotOrHasDamagedIsLeftAsItIs() {
        sandbox.store.flip(pack(), 1000);
        byte[] before = sandbox.store.readAll(pack());
        copy.flip(pack(), 7);
        ObjectName slot = ObjectName.of("s/" + snapshot);
        sandbox.store.flip(slot, 40);
        copy.overwrite(slot, copy.readAll(sandbox.store.names("keys/").getFirst()));
        copy.flip(slot, 10);

        RepairResult result = repair(List.of(pack().text(), slot.text(), "g/0000000000000001", "format"), copy);

        assertThat(result.left()).containsExactly(pack().text(), slot.text(), "g/0000000000000001", "format");
        assertThat(sandbox.store.readAll(pack())).isEqualTo(before);
    }

    @Test
    void anObjectOfAnotherRepositoryReplacesNothing() {
        var other = new Sandbox(temp.resolve("other-state")).create();
        ObjectName slot = ObjectName.of("s/" + snapshot);
        sandbox.store.flip(slot, 40);
        copy.overwrite(slot, other.store.readAll(other.store.names("root/").getFirst()));

        assertThat(repair(List.of(slot.text()), copy).left()).containsExactly(slot.text());
    }

    @Test
    void whereDamageCannotBeDeletedItIsSaid() {
        sandbox.store.flip(pack(), 1000);
        var locked = new FaultyStore(sandbox.store, (call, name, number) -> {
            if (call == Call.DELETE) {
                throw ErrorCode.DELETION_REFUSED.because("it is locked").with("object", name);
            }
            return Fault.NONE;
        });

        assertThatThrownBy(() -> repairIn(locked))
                .isInstanceOf(BackupException.class)
                .extracting(failed -> ((BackupException) failed).code())
                .isEqualTo(ErrorCode.DELETION_REFUSED);
    }

    @Test
    void whereTheTargetKeepsWhatItHasItIsSaid() {
        sandbox.store.flip(pack(), 1000);
        // Of which nothing can be deleted, whatever it says.
        var keeping = new ForwardingStore(sandbox.store) {
            @Override
            public boolean delete(ObjectName name) {
                return true;
            }
        };

        assertThatThrownBy(() -> repairIn(keeping)).hasMessageContaining("cannot be replaced");
    }

    private RepairResult repairIn(ObjectStore store) {
        try (Repository repository = sandbox.open(store)) {
            return repository.repair(List.of(pack().text()), copy);
        }
    }

    @Test
    void aWritersKeyRepairsNothing() {
        sandbox.store.flip(pack(), 1000);

        try (Repository repository = sandbox.openAsWriter()) {
            assertThatThrownBy(() -> repository.repair(List.of(pack().text()), copy))
                    .extracting(failed -> ((BackupException) failed).code())
                    .isEqualTo(ErrorCode.KEY_ROLE_INSUFFICIENT);
        }
    }
}
