package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.MemoryStore;

/** Objects that are no packs, cut off, emptied, taken for each other, deleted, or put beside them by somebody. */
class DamagedObjectsTest {

    @TempDir
    Path temp;

    private MemoryStore pristine = new MemoryStore();
    private Sandbox sandbox = new Sandbox(Path.of("state"));
    private Path source = Path.of("source");
    private final List<String> points = new ArrayList<>();
    private int number;

    @BeforeEach
    void backUpTwice() throws IOException {
        source = Files.createDirectories(temp.resolve("source"));
        Files.write(source.resolve("first.dcm"), Bytes.random(1, 400_000));
        sandbox = new Sandbox(temp.resolve("state"), pristine).create();
        points.add(sandbox.backup(source).snapshot());
        Files.write(source.resolve("second.dcm"), Bytes.random(2, 400_000));
        points.add(sandbox.backup(source).snapshot());
        sandbox.verify(VerifyLevel.PRESENCE);
    }

    /** What befalls an object. */
    enum Mishap {
        CUT_IN_HALF,
        EMPTIED,
        REPLACED_BY_ANOTHER,
        DELETED
    }

    private void befall(MemoryStore store, ObjectName name, Mishap mishap) {
        byte[] object = store.readAll(name);
        switch (mishap) {
            case CUT_IN_HALF -> store.overwrite(name, Arrays.copyOf(object, object.length / 2));
            case EMPTIED -> store.overwrite(name, new byte[0]);
            case REPLACED_BY_ANOTHER -> {
                String folder = name.text().replaceFirst("[^/]*$", "");
                ObjectName other = store.names(folder).stream()
                        .filter(each -> !each.equals(name))
                        .filter(each -> !Arrays.equals(store.readAll(each), object))
                        .findFirst()
                        .orElse(ObjectName.of("c/" + points.getFirst()));
                store.overwrite(name, store.readAll(other));
            }
            case DELETED -> store.delete(name);
        }
    }

    private BackupResult backUp(MemoryStore store) {
        EngineContext context = Sandbox.context(temp.resolve("writer" + number++));
        try (Repository repository =
                Repository.open(store, context, new Credential.KeyFile(sandbox.writerKey()), Sandbox.SILENT)) {
            return repository.backup(BackupRequest.of("test", List.of(Sandbox.path(source))), Sandbox.SILENT);
        }
    }

    private void assertRestores(Sandbox reader, String point, String file, long seed) {
        Path target = temp.resolve("out" + number++);
        reader.restore(point, source, target);
        assertThat(target.resolve(file)).hasBinaryContent(Bytes.random(seed, 400_000));
    }

    /** Every object that is no pack, and no list of packs. */
    private List<ObjectName> small() {
        return pristine.names().stream()
                .filter(name -> !name.text().matches("[dmrg]/.*"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Mishap.class)
    void noObjectAloneMakesARepositoryUnusableAndEachIsNamed(Mishap mishap) {
        int looked = List.of(Mishap.values()).indexOf(mishap);
        for (ObjectName name : small()) {
            MemoryStore store = pristine.copy();
            befall(store, name, mishap);
            String where = mishap + " " + name;
            var reader = new Sandbox(temp.resolve("reader" + number++), store);
            boolean slot = name.text().startsWith("s/");
            // A slot of another length could have been a revocation, so that the copy beside it proves nothing.
            boolean lost = slot && !store.length(name).equals(pristine.length(name));
            // Nobody misses an object that stands for nothing beside itself.
            boolean silent = mishap == Mishap.DELETED && name.text().matches("(t|v|root/0*[12]$|root/0*1$).*");

            VerifyResult verified = reader.verify(VerifyLevel.CONTENT);

            List<String> whole = new ArrayList<>(points);
            if (lost) {
                whole.remove(name.text().substring(2));
            }
            assertThat(verified.snapshots()).as(where).containsExactlyInAnyOrderElementsOf(whole);
            if (silent) {
                assertThat(verified.damaged()).as(where).isEmpty();
            } else {
                assertThat(verified.damaged())
                        .as(where)
                        .extracting(VerifyResult.Damage::object)
                        .contains(
                                mishap == Mishap.DELETED && name.text().startsWith("root/")
                                        ? previousRoot(name)
                                        : name.text());
            }
            if (!whole.isEmpty()) {
                assertRestores(reader, whole.getLast(), "first.dcm", 1);
            }
            // The next backup behind every third of them, and behind each on a long run: it takes the longest.
            if (Evidence.isLong() || looked++ % 3 == 0) {
                BackupResult next = backUp(store);
                assertRestores(reader, next.snapshot(), "second.dcm", 2);
            }
        }
    }

    private static String previousRoot(ObjectName root) {
        long last = Long.parseLong(root.text().substring(5), 16);
        return String.format(java.util.Locale.ROOT, "root/%016x", last - 1);
    }

    @Test
    void whereBothCopiesAreDamagedTheErrorSaysWhichAndWhatToDo() {
        assertBothRefused("format", "format.2", ErrorCode.FORMAT_DAMAGED);
        String owner = pristine.names("keys/owner-").getFirst().text();
        assertBothRefused(owner, owner.replace("keys/", "keys.2/"), ErrorCode.KEYS_DAMAGED);
    }

    private void assertBothRefused(String one, String other, ErrorCode code) {
        MemoryStore store = pristine.copy();
        store.overwrite(ObjectName.of(one), new byte[0]);
        store.flip(ObjectName.of(other), 40);
        assertThatThrownBy(() -> sandbox.open(store)).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.remedy()).isNotBlank();
        });
    }

    @Test
    void aRestorePointOfWhichBothCopiesAreDamagedIsNamedAndTheOthersComeBack() {
        MemoryStore store = pristine.copy();
        store.flip(ObjectName.of("s/" + points.getLast()), 300);
        store.overwrite(ObjectName.of("c/" + points.getLast()), new byte[3]);
        var reader = new Sandbox(temp.resolve("reader"), store);

        VerifyResult verified = reader.verify(VerifyLevel.STRUCTURE);

        assertThat(verified.snapshots()).containsExactly(points.getFirst());
        assertThat(verified.damaged())
                .extracting(VerifyResult.Damage::object)
                .containsExactly("c/" + points.getLast(), "s/" + points.getLast());
        assertRestores(reader, points.getFirst(), "first.dcm", 1);
    }

    @Test
    void aRepositoryOfAFutureVersionIsRefusedByItsVersion() {
        String line = new String(pristine.readAll(ObjectName.of("format")), UTF_8)
                .lines()
                .findFirst()
                .orElseThrow()
                .replace("\"format\":1", "\"format\":2");
        String sum = HexFormat.of().formatHex(Crypto.sha256(line.getBytes(UTF_8)));
        for (String name : List.of("format", "format.2")) {
            pristine.overwrite(ObjectName.of(name), (line + "\nsha256 " + sum + "\n").getBytes(UTF_8));
        }

        assertThatThrownBy(() -> sandbox.open()).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.REPOSITORY_TOO_NEW);
            assertThat(failure).hasMessageContaining("version 2");
        });
    }

    @Test
    void anObjectOfAFutureVersionIsRefusedByItsVersion() {
        ObjectName slot = ObjectName.of("s/" + points.getLast());
        byte[] object = pristine.readAll(slot);
        object[4] = 2;
        byte[] body = Arrays.copyOf(object, object.length - 32);
        System.arraycopy(Crypto.sha256(body), 0, object, body.length, 32);
        pristine.overwrite(slot, object);

        try (Repository repository = sandbox.open()) {
            assertThatThrownBy(() -> repository.snapshots(Sandbox.SILENT))
                    .isInstanceOfSatisfying(BackupException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(ErrorCode.REPOSITORY_TOO_NEW);
                        assertThat(failure).hasMessageContaining("version 2");
                    });
        }
    }

    @Test
    void whatSomebodyPutsBesideOurObjectsDisturbsNobody() {
        for (String stray : List.of(
                "readme",
                "format.bak",
                "keys/readme",
                "keys/owner-1.bak",
                "keys/signer-1.bak",
                "keys.2/notes",
                "t/readme",
                "t/00.bak",
                "d/zz/readme",
                "d/readme",
                "m/00/x",
                "r/00/x.bak",
                "i/readme",
                "i/0-x",
                "root/readme",
                "root/zz",
                "c/readme",
                "s/readme",
                "s/" + points.getFirst() + ".bak",
                "v/readme",
                "g/readme",
                "g/0000000000000007.bak",
                "w/readme",
                "x/readme",
                "f/readme",
                "zz/other")) {
            pristine.overwrite(ObjectName.of(stray), "somebody's".getBytes(UTF_8));
        }
        var reader = new Sandbox(temp.resolve("reader"), pristine);

        VerifyResult verified = reader.verify(VerifyLevel.CONTENT);

        assertThat(verified.damaged()).isEmpty();
        assertThat(verified.snapshots()).containsExactlyInAnyOrderElementsOf(points);
        assertRestores(reader, points.getLast(), "second.dcm", 2);
        String next = backUp(pristine).snapshot();
        assertThat(reader.verify(VerifyLevel.RESTORE).snapshots())
                .contains(next)
                .hasSize(3);
    }

    @Test
    void aRestorePointThatSomebodyDeletedIsNamedByTheOneAfterIt() {
        pristine.names("v/").forEach(pristine::delete);
        pristine.delete(ObjectName.of("s/" + points.getFirst()));
        pristine.delete(ObjectName.of("c/" + points.getFirst()));

        VerifyResult verified = sandbox.verify(VerifyLevel.PRESENCE);

        assertThat(verified.damaged()).singleElement().satisfies(damage -> {
            assertThat(damage.object()).isEqualTo("s/" + points.getFirst());
            assertThat(damage.code()).isEqualTo("SNAPSHOT_MISSING");
            assertThat(damage.message()).contains(points.getLast());
            assertThat(damage.snapshots()).containsExactly(points.getFirst());
        });
        assertThat(verified.snapshots()).containsExactly(points.getLast());
    }

    @Test
    void theNewestRestorePointThatSomebodyDeletedIsNamedByAnEarlierVerification() {
        pristine.delete(ObjectName.of("s/" + points.getLast()));

        VerifyResult verified = sandbox.verify(VerifyLevel.STRUCTURE);

        assertThat(verified.damaged()).singleElement().satisfies(damage -> {
            assertThat(damage.object()).isEqualTo("s/" + points.getLast());
            assertThat(damage.code()).isEqualTo("SNAPSHOT_MISSING");
            assertThat(damage.message()).contains("a verification saw it");
        });
    }

    @Test
    void aVerificationOfOneRestorePointAsksForNoOther() {
        pristine.delete(ObjectName.of("s/" + points.getFirst()));
        try (Repository repository = sandbox.open()) {
            assertThat(repository
                            .verify(VerifyLevel.STRUCTURE, 1, Set.of(points.getLast()), Sandbox.SILENT)
                            .isWhole())
                    .isTrue();
        }
    }

    @Test
    void anIndexThatWasSetBackIsNamedReadAroundAndCompleted() {
        ObjectName newest = pristine.names("root/").getLast();
        pristine.delete(newest);
        var reader = new Sandbox(temp.resolve("reader"), pristine);
        assertRestores(reader, points.getLast(), "second.dcm", 2);

        VerifyResult verified = reader.verify(VerifyLevel.CONTENT);

        assertThat(verified.snapshots()).containsExactlyInAnyOrderElementsOf(points);
        assertThat(verified.damaged()).singleElement().satisfies(damage -> {
            assertThat(damage.object()).isEqualTo(previousRoot(newest));
            assertThat(damage.code()).isEqualTo("INDEX_SET_BACK");
            assertThat(damage.snapshots()).isEmpty();
        });
        assertThat(reader.verify(VerifyLevel.CONTENT).isWhole()).isTrue();
    }

    @Test
    void anOldIndexRootInTheNewestOnesPlaceIsNamed() {
        List<ObjectName> roots = pristine.names("root/");
        pristine.overwrite(roots.getLast(), pristine.readAll(roots.get(roots.size() - 2)));

        VerifyResult verified = sandbox.verify(VerifyLevel.STRUCTURE);

        assertThat(verified.damaged())
                .extracting(VerifyResult.Damage::object)
                .containsExactly(roots.getLast().text());
        assertThat(verified.snapshots()).containsExactlyInAnyOrderElementsOf(points);
    }
}
