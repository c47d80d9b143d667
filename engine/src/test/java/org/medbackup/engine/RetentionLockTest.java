package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.LockGeneration;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.ForwardingStore;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.MemoryStore;

/** What a restore point needs is locked with its bytes, for as long as the policy says, and longer when it is needed longer. */
class RetentionLockTest {

    private static final Duration LOCK = Duration.ofDays(90);

    @TempDir
    Path temp;

    private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T10:00:00Z"));
    private final MemoryStore store = MemoryStore.locking(time);
    private EngineContext context;
    private Path source;

    /** Charts are locked for ninety days, the rest is not. */
    private record Charts(TimeSource time) implements PlacementPolicy {

        @Override
        public Placement place(FileFacts file, Supplier<ByteBuffer> head) {
            String kept = file.path().toString().endsWith(".chart") ? "chart" : "operational";
            return new Placement("default", "vault", kept, lockGeneration(kept));
        }

        @Override
        public int lockGeneration() {
            return lockGeneration("chart");
        }

        @Override
        public int lockGeneration(String retentionClass) {
            return retentionClass.equals("chart")
                    ? LockGeneration.lasting(time.now().plus(LOCK))
                    : 0;
        }

        @Override
        public String digest() {
            return "ef".repeat(32);
        }
    }

    @BeforeEach
    void create() throws IOException {
        context = Sandbox.at(Sandbox.context(temp.resolve("state")), time);
        Repository.create(store, context, Sandbox.password(), 10);
        source = Files.createDirectory(temp.resolve("source"));
        write("a.chart", 1);
        write("b.log", 2);
    }

    private void write(String name, long seed) throws IOException {
        Files.write(source.resolve(name), Bytes.random(seed, 300_000));
    }

    private Repository open() {
        return Repository.open(store, context, new Credential.Password(Sandbox.password()), Sandbox.SILENT);
    }

    private String backup() {
        try (Repository repository = open()) {
            return repository
                    .backup(
                            BackupRequest.of("test", List.of(Sandbox.path(source)))
                                    .placedBy(new Charts(time)),
                            Sandbox.SILENT)
                    .snapshot();
        }
    }

    private LockResult extend(String snapshot) {
        try (Repository repository = open()) {
            return repository.locks().extend(snapshot, new Charts(time), Sandbox.SILENT);
        }
    }

    private LockResult report(String snapshot) {
        try (Repository repository = open()) {
            return repository.locks().report(snapshot, Sandbox.SILENT);
        }
    }

    private Instant until(ObjectName name) {
        return store.keeping(name).until();
    }

    @Test
    void packsAndManifestsAreLockedTogetherWithTheirBytes() {
        String id = backup();

        Instant least = time.now().plus(LOCK);
        Instant most = least.plus(LockGeneration.STEP);
        assertThat(until(ObjectName.of("s/" + id))).isBetween(least, most);
        assertThat(until(ObjectName.of("c/" + id))).isBetween(least, most);
        assertThat(store.names("m/")).allSatisfy(each -> assertThat(until(each)).isBetween(least, most));
        assertThat(store.names("r/")).allSatisfy(each -> assertThat(until(each)).isBetween(least, most));
        assertThat(store.names("d/").stream().map(this::until))
                .containsExactlyInAnyOrder(Instant.EPOCH, until(ObjectName.of("s/" + id)));
        assertThatThrownBy(() -> store.delete(ObjectName.of("s/" + id)))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.DELETION_REFUSED));
    }

    @Test
    void whatIsNeededFurtherIsLockedForLongerAndAMonthGoesByBeforeThatIsAskedAgain() {
        String first = backup();
        LockResult base = extend(first);
        Instant before = until(ObjectName.of("s/" + first));
        time.advance(LockGeneration.STEP);

        String second = backup();
        LockResult extended = extend(second);
        long asked = store.lockQuestions();
        LockResult again = extend(second);
        long askedAgain = store.lockQuestions() - asked;

        assertThat(base.extended()).as("keys and description").isPositive();
        assertThat(until(ObjectName.of("s/" + first))).isEqualTo(before);
        assertThat(extended.extended()).isGreaterThan(base.extended());
        assertThat(again.extended()).isZero();
        assertThat(again.locked()).isEqualTo(extended.locked());
        assertThat(askedAgain).as("only the few objects that are no packs").isLessThan(extended.objects());
        Instant least = time.now().plus(LOCK);
        assertThat(store.names("d/").stream().map(this::until).filter(each -> !each.equals(Instant.EPOCH)))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each).isAfterOrEqualTo(least));
    }

    @Test
    void aReportTellsWhatSomebodyCouldDelete() {
        String id = backup();
        LockResult after = extend(id);

        LockResult report = report(id);

        assertThat(report.objects()).isEqualTo(after.objects());
        assertThat(report.locked()).as("all but the pack of operational data").isEqualTo(report.objects() - 1);
        assertThat(report.isWhole()).isFalse();
        assertThat(report.until())
                .hasValueSatisfying(
                        end -> assertThat(end).isAfterOrEqualTo(time.now().plus(LOCK)));
        assertThat(report.extended()).isZero();
    }

    @Test
    void whatIsMissingIsLockedByNobodyAndIsSaid() {
        String id = backup();
        extend(id);
        LockResult before = report(id);
        ObjectName operational = store.names("d/").stream()
                .filter(each -> !store.keeping(each).locks())
                .findFirst()
                .orElseThrow();
        store.delete(operational);

        LockResult after = report(id);

        assertThat(after.objects()).isEqualTo(before.objects());
        assertThat(after.locked()).isEqualTo(before.locked());
        assertThat(after.isWhole()).isFalse();
        assertThat(extend(id).locked()).isEqualTo(before.locked());
    }

    @Test
    void aLockedRestorePointIsNotGivenUpUntilItsLockEnds() throws IOException {
        String first = backup();
        Files.delete(source.resolve("a.chart"));
        write("c.chart", 3);
        time.advance(Duration.ofDays(1));
        backup();
        int packs = store.names("d/").size();

        try (Repository repository = open()) {
            ForgetResult refused = repository.forget(Set.of(first), false, Sandbox.SILENT);
            assertThat(refused.removed()).isEmpty();
            assertThat(refused.refused())
                    .singleElement()
                    .satisfies(each -> assertThat(each.reason()).startsWith("it is locked until 2026-0"));
        }
        time.advance(LOCK.plus(LockGeneration.STEP));
        try (Repository repository = open()) {
            assertThat(repository.forget(Set.of(first), false, Sandbox.SILENT).removed())
                    .containsExactly(first);
            repository.collect(CollectRequest.usual(), Sandbox.SILENT);
        }
        assertThat(store.names("d/")).hasSizeLessThan(packs);
    }

    @Test
    void whatABackupThatNeverCommittedLeftLockedStaysUntilTheLockEndsAndGcGoesOn() {
        var dying = new ForwardingStore(store) {
            @Override
            public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
                if (name.text().startsWith("c/")) {
                    throw ErrorCode.STORE_UNAVAILABLE.because("cut off");
                }
                return super.putIfAbsent(name, content);
            }
        };
        try (Repository repository =
                Repository.open(dying, context, new Credential.Password(Sandbox.password()), Sandbox.SILENT)) {
            BackupRequest request =
                    BackupRequest.of("test", List.of(Sandbox.path(source))).placedBy(new Charts(time));
            assertThatThrownBy(() -> repository.backup(request, Sandbox.SILENT)).hasMessageContaining("cut off");
        }
        long locked = store.names().stream()
                .filter(each -> store.keeping(each).locks())
                .count();
        time.advance(Duration.ofDays(3));

        CollectResult.Packs early = collect();
        List<ObjectName> left = store.names("d/");
        time.advance(LOCK.plus(LockGeneration.STEP));
        CollectResult.Packs late = collect();

        assertThat(locked).isPositive();
        assertThat(early.locked()).isPositive();
        assertThat(early.kept()).isEqualTo(early.locked());
        assertThat(left).allSatisfy(each -> assertThat(until(each)).isAfter(Instant.EPOCH));
        assertThat(late.locked()).isZero();
        assertThat(late.deleted()).isEqualTo(early.locked());
        assertThat(store.names("d/")).isEmpty();
    }

    private CollectResult.Packs collect() {
        try (Repository repository = open()) {
            return repository.collect(CollectRequest.usual(), Sandbox.SILENT).packs();
        }
    }

    @Test
    void aTargetThatDoesNotLockSaysSoWithARemedy() throws IOException {
        Sandbox plain = new Sandbox(temp.resolve("plain")).create();
        String id = plain.backup(source).snapshot();

        try (Repository repository = plain.open()) {
            assertThat(repository.locks().areThere()).isFalse();
            assertThatThrownBy(() -> repository.locks().report(id, Sandbox.SILENT))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.LOCKS_UNAVAILABLE));
        }
        try (Repository repository = open()) {
            assertThat(repository.locks().areThere()).isTrue();
            assertThatThrownBy(() -> repository.locks().report("ab".repeat(16), Sandbox.SILENT))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SNAPSHOT_NOT_FOUND));
        }
    }
}
