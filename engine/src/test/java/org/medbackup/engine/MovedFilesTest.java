package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.MemoryStore;

/** A file that did not change moves where it belongs by now: each has its day, and what lies right is not read again. */
class MovedFilesTest {

    private static final int SMALL = 60;
    private static final Duration OLD = Duration.ofDays(365);

    @TempDir
    Path temp;

    // The memory of a run believes only what had not changed for two seconds when it began.
    private final ManualTime time = new ManualTime(Instant.now().plus(Duration.ofDays(1)));
    private final MemoryStore store = new MemoryStore();
    private EngineContext context;
    private Path source;

    /** What is old goes to the archive, the rest to the disk. */
    private record ByAge(Instant now, int reviewDays, String domain) implements PlacementPolicy {

        @Override
        public Placement place(FileFacts file, Supplier<ByteBuffer> head) {
            boolean old = Duration.between(file.modified(), now).compareTo(OLD) > 0;
            return new Placement(domain, old ? "archive" : "disk", "chart", 0);
        }

        @Override
        public String digest() {
            return "ab".repeat(32);
        }
    }

    @BeforeEach
    void create() throws IOException {
        context = Sandbox.at(Sandbox.context(temp.resolve("state")), time);
        Repository.create(store, context, Sandbox.password(), 10);
        source = Files.createDirectory(temp.resolve("source"));
        for (int i = 0; i < SMALL; i++) {
            Files.write(source.resolve("small-" + i), Bytes.random(i, 2_000));
        }
        for (int i = 0; i < 3; i++) {
            Files.write(source.resolve("large-" + i), Bytes.random(100 + i, 400_000));
        }
        Files.write(source.resolve("empty"), new byte[0]);
    }

    private Repository open() {
        return Repository.open(store, context, new Credential.Password(Sandbox.password()), Sandbox.SILENT);
    }

    private BackupResult backup(int reviewDays) {
        return backup(reviewDays, "default");
    }

    private BackupResult backup(int reviewDays, String domain) {
        try (Repository repository = open()) {
            return repository.backup(
                    BackupRequest.of("test", List.of(Sandbox.path(source)))
                            .placedBy(new ByAge(time.now(), reviewDays, domain)),
                    Sandbox.SILENT);
        }
    }

    /** Where the packs lie that the newest restore point needs. */
    private Set<String> tiersOfTheNewest() {
        try (Repository repository = open()) {
            repository.forget(new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO), false, Sandbox.SILENT);
            repository.collect(CollectRequest.usual(), Sandbox.SILENT);
        }
        return store.names("d/").stream()
                .map(name -> store.keeping(name).tier())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void assertRestores(String id) throws IOException {
        Path target = temp.resolve("out-" + id);
        try (Repository repository = open()) {
            repository.restore(RestoreRequest.of(id, target), Sandbox.SILENT);
            assertThat(repository
                            .verify(VerifyLevel.CONTENT, 1, Set.of(), Sandbox.SILENT)
                            .damaged())
                    .isEmpty();
        }
        assertThat(TreeListing.of(target.resolve(source.toString().substring(1))))
                .isEqualTo(TreeListing.of(source));
    }

    @Test
    void withinTheTimeOfAReviewEveryFileMovesALittleEachDay() throws IOException {
        String first = backup(10).snapshot();
        time.advance(Duration.ofDays(400));
        // The days that passed without a backup are made up by this one: all of them are due.
        long before = store.names("d/").size();
        assertThat(backup(0).bytes().read()).as("without a review").isZero();
        assertThat(store.names("d/")).hasSize((int) before);

        int daysWithMoves = 0;
        for (int day = 0; day < 10; day++) {
            time.advance(Duration.ofDays(1));
            daysWithMoves += backup(10).bytes().read() > 0 ? 1 : 0;
        }
        time.advance(Duration.ofDays(1));
        BackupResult last = backup(10);

        assertThat(daysWithMoves).isGreaterThan(5);
        assertThat(last.files().unmodified()).isEqualTo(SMALL + 4);
        assertRestores(first);
        assertRestores(last.snapshot());
        assertThat(tiersOfTheNewest()).containsExactly("archive");
        assertRestores(last.snapshot());
    }

    @Test
    void aSecondBackupOfADayAsksAboutNothingAndWhatLiesRightIsNotReadAgain() {
        backup(10);
        time.advance(Duration.ofDays(400));
        BackupResult moved = backup(10);
        BackupResult again = backup(10);
        time.advance(Duration.ofDays(400));
        BackupResult right = backup(10);

        assertThat(moved.bytes().read()).as("after so long all are due").isGreaterThan(3 * 400_000);
        assertThat(moved.files().unmodified()).as("they only moved").isEqualTo(SMALL + 4);
        assertThat(again.bytes().read()).isZero();
        assertThat(right.bytes().read()).isZero();
        assertThat(right.bytes().added()).isLessThan(50_000);
        assertThat(tiersOfTheNewest()).containsExactly("archive");
    }

    @Test
    void newPairsOfKeysMoveNothingAndAnotherKeyDomainDoes() {
        try (Repository repository = open()) {
            repository.keys().addDomain("part2", Sandbox.password(), 10);
        }
        backup(1);
        try (Repository repository = open()) {
            repository.keys().rotate(Sandbox.password(), 10, true);
        }
        time.advance(Duration.ofDays(2));
        assertThat(backup(1).bytes().read()).as("the same domain with new keys").isZero();
        time.advance(Duration.ofDays(2));

        assertThat(backup(1, "part2").bytes().read()).isGreaterThan(3 * 400_000);
    }

    @Test
    void aFileOfWhichNothingLiesOnTheDiskIsNotReadToBeAskedAbout() throws IOException {
        Path sleeping = source.resolve("sleeping");
        try (var file = new java.io.RandomAccessFile(sleeping.toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        backup(1);
        time.advance(Duration.ofDays(400));
        FileTime before = (FileTime) Files.getAttribute(sleeping, "lastAccessTime");
        BackupResult result = backup(1);

        assertThat(result.files().unmodified()).isEqualTo(SMALL + 5);
        assertThat(result.bytes().read())
                .as("not the file that sleeps")
                .isLessThan(3 * 400_000 + SMALL * 2_000 + 100_000);
        assertThat(Files.getAttribute(sleeping, "lastAccessTime")).isEqualTo(before);
    }

    @Test
    void aFileThatChangedAsWellIsReadOnce() throws IOException {
        backup(1);
        time.advance(Duration.ofDays(400));
        Path file = source.resolve("large-0");
        Files.write(file, Bytes.random(500, 400_000));
        Files.setLastModifiedTime(file, FileTime.from(time.now().minusSeconds(100)));

        BackupResult result = backup(1);

        assertThat(result.bytes().read()).isBetween(3L * 400_000, 3L * 400_000 + SMALL * 2_000 + 10_000);
        assertRestores(result.snapshot());
    }
}
