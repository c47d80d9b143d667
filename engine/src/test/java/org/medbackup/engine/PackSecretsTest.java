package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.engine.internal.codec.Padme;
import org.medbackup.engine.internal.keys.FormatObject;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.open.RepositoryFiles;
import org.medbackup.engine.internal.pack.PackEntry;
import org.medbackup.engine.internal.pack.PackReader;
import org.medbackup.testkit.MemoryStore;

/** What packs tell somebody who has the store and no keys, and what somebody cannot change in them unnoticed. */
class PackSecretsTest {

    @TempDir
    Path temp;

    private final MemoryStore store = new MemoryStore();
    private Sandbox sandbox = new Sandbox(Path.of("state"));
    private Path source = Path.of("source");

    @BeforeEach
    void makeRepository() throws IOException {
        source = Files.createDirectories(temp.resolve("source"));
        sandbox = new Sandbox(temp.resolve("state"), store).create();
    }

    private List<PackEntry> entries(ObjectName pack) {
        var findings = new Findings(OperationLog.silent());
        var files = new RepositoryFiles(store, Entropy.system());
        FormatObject format = files.readFormat(findings);
        KeyRing ring = files.readKeys(format, new Credential.Password(Sandbox.password()), findings);
        return new PackReader(store, ring.repository(), ring.indexKey())
                .describe(pack)
                .directory()
                .entries();
    }

    @Test
    void theLengthsOfKnownFilesDoNotAppearInTheLengthsOfPacks() throws IOException {
        SeededRandom random = SeededRandom.of(12);
        Set<Long> lengths = new HashSet<>();
        int known = 0;
        for (int i = 0; i < 40; i++) {
            int length = 200_000 + random.below(20_000);
            Files.write(source.resolve("known.img"), Bytes.random(i, length));
            Set<ObjectName> before = Set.copyOf(store.names("d/"));
            sandbox.backup(source);
            for (ObjectName pack : store.names("d/")) {
                if (!before.contains(pack)) {
                    long stored = store.length(pack).orElseThrow();
                    lengths.add(stored);
                    assertThat(Padme.padded(stored)).as("a length of the rule").isEqualTo(stored);
                    known += entries(pack).stream().anyMatch(entry -> entry.storedLength() == stored) ? 1 : 0;
                }
            }
        }

        // Forty lengths that lie up to ten per cent apart become at most a handful.
        assertThat(lengths).hasSizeLessThan(8);
        assertThat(known).isZero();
    }

    @Test
    void theOrderOfChunksInAPackIsNotThatOfTheFile() throws IOException {
        Files.write(source.resolve("large.img"), Bytes.random(3, 12 << 20));
        sandbox.backup(source);
        List<PackEntry> inPlace = new ArrayList<>();
        for (ObjectName pack : store.names("d/")) {
            List<PackEntry> entries = new ArrayList<>(entries(pack));
            entries.sort(Comparator.comparingLong(PackEntry::offset));
            inPlace.addAll(entries);
        }
        // A record's number counts up as chunks are sealed, its place does not follow.
        List<Long> numbers = inPlace.stream().map(PackEntry::number).toList();

        assertThat(numbers).hasSizeGreaterThan(6);
        assertThat(numbers).isNotEqualTo(numbers.stream().sorted().toList());
    }

    private static boolean areOfOneLength(List<PackEntry> two) {
        return two.size() == 2
                && two.getFirst().storedLength() > 250_000
                && two.getFirst().storedLength() == two.getLast().storedLength();
    }

    @Test
    void twoRecordsThatSomebodySwappedAreFoundAndWhatTheyCost() throws IOException {
        // Where a file is cut depends on the repository's key: now and then one of the two is cut in the middle.
        String point = "";
        ObjectName pack = ObjectName.of("format");
        List<PackEntry> equal = List.of();
        for (int attempt = 0; attempt < 20 && !areOfOneLength(equal); attempt++) {
            source = Files.createDirectories(temp.resolve("source-" + attempt));
            Files.write(source.resolve("one.img"), Bytes.random(2L * attempt, 300_000));
            Files.write(source.resolve("two.img"), Bytes.random(2L * attempt + 1, 300_000));
            Files.write(source.resolve("note.txt"), Bytes.text(3, 900));
            Set<ObjectName> before = Set.copyOf(store.names("d/"));
            point = sandbox.backup(source).snapshot();
            pack = store.names("d/").stream()
                    .filter(name -> !before.contains(name))
                    .max(Comparator.comparingLong(name -> store.length(name).orElseThrow()))
                    .orElseThrow();
            equal = entries(pack).stream()
                    .sorted(Comparator.comparingInt(PackEntry::storedLength).reversed())
                    .limit(2)
                    .toList();
        }
        assertThat(areOfOneLength(equal)).isTrue();
        byte[] bytes = store.readAll(pack);
        int length = equal.getFirst().storedLength();
        byte[] first = java.util.Arrays.copyOfRange(
                bytes, (int) equal.getFirst().offset(), (int) equal.getFirst().offset() + length);
        System.arraycopy(
                bytes,
                (int) equal.getLast().offset(),
                bytes,
                (int) equal.getFirst().offset(),
                length);
        System.arraycopy(first, 0, bytes, (int) equal.getLast().offset(), length);
        store.overwrite(pack, bytes);

        String snapshot = point;
        ObjectName damaged = pack;
        for (VerifyLevel level : List.of(VerifyLevel.CIPHERTEXT, VerifyLevel.CONTENT)) {
            assertThat(sandbox.verify(level).damaged())
                    .as(level.name())
                    .singleElement()
                    .satisfies(damage -> {
                        assertThat(damage.object()).isEqualTo(damaged.text());
                        assertThat(damage.snapshots()).containsExactly(snapshot);
                        assertThat(damage.paths()).containsExactly(source + "/one.img", source + "/two.img");
                    });
        }
        RestoreResult restored = sandbox.restore(point, source, temp.resolve("out"));
        assertThat(restored.failures()).hasSize(2);
        assertThat(temp.resolve("out/note.txt")).hasBinaryContent(Bytes.text(3, 900));
    }
}
