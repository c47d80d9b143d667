package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.MemoryStore;

/** A byte is flipped in every object of a repository, one at a time. */
class FlippedByteTest {

    /** So many places in an object, evenly spread, its first and last byte among them. */
    private static final int PLACES = 8;

    @TempDir
    Path temp;

    private final MemoryStore pristine = new MemoryStore();
    private final List<String> snapshots = new ArrayList<>();
    private Path source;

    @BeforeEach
    void backUpTwice() throws IOException {
        source = Files.createDirectories(temp.resolve("source/ward"));
        Files.write(source.resolve("alone.img"), Bytes.random(1, 600_000));
        Files.write(source.resolve("first.txt"), "first".getBytes(UTF_8));
        Sandbox sandbox = new Sandbox(temp.resolve("state"), pristine).create();
        snapshots.add(sandbox.backup(temp.resolve("source")).snapshot());
        Files.write(source.resolve("later.img"), Bytes.random(2, 500_000));
        snapshots.add(sandbox.backup(temp.resolve("source")).snapshot());
        try (Repository repository = sandbox.open()) {
            repository.verify(VerifyLevel.PRESENCE, 1, Set.of(), Sandbox.SILENT);
        }
    }

    private Path folder() {
        return temp.resolve("source");
    }

    private Sandbox sandbox(MemoryStore store, String state) {
        return new Sandbox(temp.resolve(state), store);
    }

    private static List<Integer> places(int length) {
        Set<Integer> places = new TreeSet<>();
        for (int i = 0; i < PLACES; i++) {
            places.add((int) ((long) (length - 1) * i / (PLACES - 1)));
        }
        return List.copyOf(places);
    }

    /** What comes back of each restore point, and what the restores report; ids of points that do not come back at all. */
    private Map<String, Set<String>> lost(Sandbox sandbox, String target) {
        Map<String, Set<String>> lost = new TreeMap<>();
        for (String snapshot : snapshots) {
            RestoreResult result;
            try {
                result = sandbox.restore(snapshot, folder(), temp.resolve(target + snapshot));
            } catch (BackupException gone) {
                lost.put(snapshot, Set.of("/"));
                continue;
            }
            Set<String> paths = new TreeSet<>();
            result.failures().forEach(failure -> paths.add(folder() + "/" + failure.path()));
            if (!paths.isEmpty()) {
                lost.put(snapshot, paths);
            }
        }
        return lost;
    }

    private int number;

    /** Flips a byte and holds what a verification says against what restores give. */
    private void flip(ObjectName name, int place, boolean restores) {
        int length = (int) pristine.length(name).orElseThrow();
        MemoryStore store = pristine.copy();
        store.flip(name, place);
        Sandbox sandbox = sandbox(store, "state" + number);
        String where = name.text() + " at " + place + " of " + length;

        VerifyResult verified = sandbox.verify(VerifyLevel.CONTENT);

        assertThat(verified.damaged())
                .as(where)
                .extracting(VerifyResult.Damage::object)
                .containsExactly(name.text());
        VerifyResult.Damage damage = verified.damaged().getFirst();
        Set<String> whole = new TreeSet<>(snapshots);
        whole.removeAll(damage.snapshots());
        assertThat(verified.snapshots()).as(where).containsExactlyInAnyOrderElementsOf(whole);
        if (restores) {
            Map<String, Set<String>> lost = lost(sandbox, "out" + number + "-");
            assertThat(damage.snapshots()).as(where).containsExactlyInAnyOrderElementsOf(lost.keySet());
            Set<String> paths = new TreeSet<>();
            lost.values().forEach(paths::addAll);
            assertThat(damage.paths()).as(where).containsExactlyElementsOf(paths);
        }
        number++;
    }

    @Test
    void everyFlippedByteIsFoundAndItsObjectNamedWithExactlyWhatItCosts() {
        for (ObjectName name : pristine.names()) {
            for (int place : places((int) pristine.length(name).orElseThrow())) {
                flip(name, place, true);
            }
        }
        assertThat(number).isGreaterThan(100);
    }

    /**
     * Each byte on a long run (about an hour; every N-th with {@code -Dflip.step=N}), and every 16th of them with
     * restores; on every run a few, elsewhere than above.
     */
    @Test
    void everyByteOfASmallRepositoryIsFoundWhenItIsFlipped() throws IOException {
        long started = System.nanoTime();
        Files.write(source.resolve("alone.img"), Bytes.random(1, 3000));
        Files.delete(source.resolve("later.img"));
        pristine.names().forEach(pristine::delete);
        snapshots.clear();
        Sandbox sandbox = new Sandbox(temp.resolve("small"), pristine).create();
        snapshots.add(sandbox.backup(folder()).snapshot());
        Files.write(source.resolve("later.img"), Bytes.random(2, 2000));
        snapshots.add(sandbox.backup(folder()).snapshot());
        sandbox.verify(VerifyLevel.PRESENCE);
        int step = Evidence.rounds(1499, Integer.getInteger("flip.step", 1));

        long all = 0;
        int at = step < 1499 ? 0 : 700;
        for (ObjectName name : pristine.names()) {
            int length = (int) pristine.length(name).orElseThrow();
            all += length;
            for (; at < length; at += step) {
                flip(name, at, number % 16 == 0);
            }
            at -= length;
        }

        assertThat((long) number).isGreaterThan(all / step - 1000);
        var counts = new TreeMap<String, Long>();
        counts.put("bytes", all);
        counts.put("flipped", (long) number);
        counts.put("foundAndNamed", (long) number);
        counts.put("step", (long) step);
        counts.put("notFound", 0L);
        counts.put("objects", (long) pristine.names().size());
        Evidence.keep("flipped-bytes", "repository", started, counts);
    }

    @Test
    void aDamagedChunkCostsOnlyTheFileItBelongsTo() {
        ObjectName largest = pristine.names("d/").stream()
                .max(java.util.Comparator.comparingLong(
                        name -> pristine.length(name).orElseThrow()))
                .orElseThrow();
        MemoryStore store = pristine.copy();
        store.flip(largest, (int) pristine.length(largest).orElseThrow() / 2);
        Sandbox sandbox = sandbox(store, "elsewhere");

        VerifyResult verified = sandbox.verify(VerifyLevel.CONTENT);

        assertThat(verified.isWhole()).isFalse();
        assertThat(verified.damaged().getFirst().paths()).containsExactly(source + "/alone.img");
        assertThat(verified.damaged().getFirst().snapshots()).containsExactlyInAnyOrderElementsOf(snapshots);
        RestoreResult restored = sandbox.restore(snapshots.getLast(), source, temp.resolve("out"));
        assertThat(restored.damaged()).isTrue();
        assertThat(restored.failures()).hasSize(1);
        assertThat(temp.resolve("out/alone.img")).doesNotExist();
        assertThat(temp.resolve("out/first.txt")).hasContent("first");
        assertThat(temp.resolve("out/later.img")).hasBinaryContent(Bytes.random(2, 500_000));
    }

    @Test
    void aMissingPackIsNamedWithWhatItCosts() {
        MemoryStore store = pristine.copy();
        ObjectName pack = store.names("d/").stream()
                .max(java.util.Comparator.comparingLong(
                        name -> pristine.length(name).orElseThrow()))
                .orElseThrow();
        store.delete(pack);

        VerifyResult verified = sandbox(store, "missing").verify(VerifyLevel.STRUCTURE);

        assertThat(verified.damaged()).hasSize(1);
        assertThat(verified.damaged().getFirst().object()).isEqualTo(pack.text());
        assertThat(verified.damaged().getFirst().code()).isEqualTo("OBJECT_MISSING");
        assertThat(verified.damaged().getFirst().snapshots()).containsExactlyInAnyOrderElementsOf(snapshots);
        assertThat(verified.damaged().getFirst().paths()).contains(source + "/alone.img");
        assertThat(verified.snapshots()).isEmpty();
    }

    @Test
    void afterAVerificationTheNextBackupStoresAgainWhatWasLost() {
        MemoryStore store = pristine.copy();
        ObjectName pack = store.names("d/").stream()
                .max(java.util.Comparator.comparingLong(
                        name -> pristine.length(name).orElseThrow()))
                .orElseThrow();
        store.delete(pack);
        Sandbox sandbox = sandbox(store, "state");
        assertThat(sandbox.verify(VerifyLevel.PRESENCE).isWhole()).isFalse();

        String healed;
        try (Repository repository = sandbox.open()) {
            healed = repository
                    .backup(BackupRequest.of("test", List.of(Sandbox.path(folder()))), Sandbox.SILENT)
                    .snapshot();
        }

        VerifyResult verified = sandbox.verify(VerifyLevel.RESTORE);
        assertThat(verified.snapshots()).contains(healed).containsAll(snapshots);
        assertThat(verified.damaged())
                .extracting(VerifyResult.Damage::object, VerifyResult.Damage::paths)
                .containsExactly(org.assertj.core.api.Assertions.tuple(pack.text(), List.of()));
        sandbox.restore(healed, source, temp.resolve("healed"));
        assertThat(temp.resolve("healed/alone.img")).hasBinaryContent(Bytes.random(1, 600_000));
    }
}
