package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.MemoryStore;

/** Opening, looking into and proving a repository. */
class RepositoryTest {

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Sandbox sandbox = new Sandbox(Path.of("state"));

    @BeforeEach
    void create() throws IOException {
        source = Files.createDirectories(temp.resolve("source/ward"));
        Files.write(source.resolve("a.txt"), "alpha".getBytes(UTF_8));
        Files.write(source.resolve("b.img"), Bytes.random(1, 700_000));
        sandbox = new Sandbox(temp.resolve("state")).create();
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private static void overwriteBoth(MemoryStore store, String first, String second, byte[] bytes) {
        store.overwrite(ObjectName.of(first), bytes);
        store.overwrite(ObjectName.of(second), bytes);
    }

    @Test
    void aNewRepositoryTellsItsIdAndFormat() {
        var store = new MemoryStore();

        Repository.Created created = Repository.create(store, sandbox.context, Sandbox.password());

        try (Repository repository =
                Repository.open(store, sandbox.context, new Credential.Password(Sandbox.password()), Sandbox.SILENT)) {
            assertThat(repository.id()).isEqualTo(created.id()).matches("[0-9a-f]{32}");
            assertThat(repository.formatVersion()).isEqualTo(created.format()).isEqualTo(1);
            assertThat(repository.reads()).isTrue();
            assertThat(repository.facts().open()).containsEntry("repository", created.id());
        }
    }

    @Test
    void aSecondRepositoryInTheSamePlaceIsRefusedAndTheFirstIsUnharmed() {
        assertFails(
                ErrorCode.REPOSITORY_EXISTS,
                () -> Repository.create(sandbox.store, sandbox.context, Sandbox.password(), 10));
        var strange = new MemoryStore();
        strange.putIfAbsent(ObjectName.of("readme"), ObjectContent.of(new byte[] {1}));
        assertFails(
                ErrorCode.REPOSITORY_EXISTS, () -> Repository.create(strange, sandbox.context, Sandbox.password(), 10));

        sandbox.open().close();
    }

    @Test
    void anEmptyPasswordIsRefused() {
        assertFails(
                ErrorCode.NO_CREDENTIAL_GIVEN,
                () -> Repository.create(new MemoryStore(), sandbox.context, Secret.ofText(""), 10));
    }

    @Test
    void aWrongPasswordIsToldApartFromDamage() {
        assertFails(
                ErrorCode.WRONG_PASSWORD,
                () -> Repository.open(
                        sandbox.store,
                        sandbox.context,
                        new Credential.Password(Secret.ofText("wrong")),
                        Sandbox.SILENT));
        ObjectName owner = sandbox.store.names("keys/owner-").getFirst();
        ObjectName twin = sandbox.store.names("keys.2/owner-").getFirst();
        sandbox.store.flip(owner, 40);
        sandbox.open().close();
        sandbox.store.flip(twin, 40);

        assertFails(ErrorCode.KEYS_DAMAGED, () -> sandbox.open());
    }

    @Test
    void aKeyFileOfAnotherRepositoryIsRefused() {
        var other = new Sandbox(temp.resolve("other")).create();

        assertFails(
                ErrorCode.WRONG_PASSWORD,
                () -> Repository.open(
                        sandbox.store, sandbox.context, new Credential.KeyFile(other.writerKey()), Sandbox.SILENT));
    }

    @Test
    void aKeyFileThatIsNoneIsRefusedAsSuch() {
        assertFails(
                ErrorCode.CREDENTIAL_UNREADABLE,
                () -> Repository.open(
                        sandbox.store,
                        sandbox.context,
                        new Credential.KeyFile(Secret.ofText("not a key")),
                        Sandbox.SILENT));
    }

    @Test
    void whereThereIsNothingNoRepositoryIsFound() {
        assertFails(
                ErrorCode.REPOSITORY_NOT_FOUND,
                () -> Repository.open(
                        new MemoryStore(),
                        sandbox.context,
                        new Credential.Password(Sandbox.password()),
                        Sandbox.SILENT));
    }

    @Test
    void aDescriptionDamagedInBothCopiesIsDamageAndNotANewRepository() {
        overwriteBoth(sandbox.store, "format", "format.2", "garbage".getBytes(UTF_8));

        assertFails(ErrorCode.FORMAT_DAMAGED, () -> sandbox.open());
        assertFails(
                ErrorCode.REPOSITORY_EXISTS,
                () -> Repository.create(sandbox.store, sandbox.context, Sandbox.password(), 10));
    }

    @Test
    void aNewerFormatIsRefusedByItsNumber() {
        String line = new String(sandbox.store.readAll(ObjectName.of("format")), UTF_8);
        String json = line.substring(0, line.indexOf('\n')).replace("\"format\":1", "\"format\":2");
        byte[] newer = withChecksum(json);
        overwriteBoth(sandbox.store, "format", "format.2", newer);

        assertThatThrownBy(() -> sandbox.open()).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.REPOSITORY_TOO_NEW);
            assertThat(failure.describe()).contains("2");
        });
    }

    @Test
    void aFeatureThatIsUnknownIsRefusedByItsName() {
        String line = new String(sandbox.store.readAll(ObjectName.of("format")), UTF_8);
        String json = line.substring(0, line.indexOf('\n')).replace("\"read\":[]", "\"read\":[\"time-travel\"]");
        overwriteBoth(sandbox.store, "format", "format.2", withChecksum(json));

        assertThatThrownBy(() -> sandbox.open()).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.REPOSITORY_TOO_NEW);
            assertThat(failure.describe()).contains("time-travel");
        });
    }

    private static byte[] withChecksum(String json) {
        byte[] digest = org.medbackup.engine.internal.crypto.Crypto.sha256(json.getBytes(UTF_8));
        return (json + "\nsha256 " + java.util.HexFormat.of().formatHex(digest) + "\n").getBytes(UTF_8);
    }

    @Test
    void aWriterBacksUpAndReadsNothing() {
        String id = sandbox.backup(source).snapshot();

        try (Repository writer = sandbox.openAsWriter()) {
            assertThat(writer.reads()).isFalse();
            assertFails(ErrorCode.KEY_ROLE_INSUFFICIENT, () -> writer.snapshots(Sandbox.SILENT));
            assertFails(ErrorCode.KEY_ROLE_INSUFFICIENT, () -> writer.snapshot(id, Sandbox.SILENT));
            assertFails(
                    ErrorCode.KEY_ROLE_INSUFFICIENT,
                    () -> writer.list(id, PathBytes.of("/"), true, entry -> {}, Sandbox.SILENT));
            assertFails(
                    ErrorCode.KEY_ROLE_INSUFFICIENT,
                    () -> writer.restore(RestoreRequest.of(id, temp.resolve("out")), Sandbox.SILENT));
            assertFails(
                    ErrorCode.KEY_ROLE_INSUFFICIENT,
                    () -> writer.verify(VerifyLevel.CONTENT, 1, Set.of(), Sandbox.SILENT));
        }
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void restorePointsAreFoundByTheirNames() throws IOException {
        String first = sandbox.backup(source).snapshot();
        Files.write(source.resolve("c.txt"), "gamma".getBytes(UTF_8));
        String second = sandbox.backup(source).snapshot();

        try (Repository repository = sandbox.open()) {
            assertThat(repository.snapshots(Sandbox.SILENT))
                    .extracting(Snapshot::id)
                    .containsExactly(first, second);
            assertThat(repository.find("latest", Sandbox.SILENT).id()).isEqualTo(second);
            assertThat(repository.find("latest@test", Sandbox.SILENT).parent()).isEqualTo(first);
            assertThat(repository.find(first, Sandbox.SILENT).shortId()).isEqualTo(first.substring(0, 8));
            assertThat(repository
                            .find(first.toUpperCase(java.util.Locale.ROOT), Sandbox.SILENT)
                            .id())
                    .isEqualTo(first);
            assertThat(repository.snapshot(first, Sandbox.SILENT)).isPresent();
            assertThat(repository.snapshot("00".repeat(16), Sandbox.SILENT)).isEmpty();
            assertFails(ErrorCode.SNAPSHOT_NOT_FOUND, () -> repository.find("latest@nobody", Sandbox.SILENT));
            assertFails(ErrorCode.SNAPSHOT_NOT_FOUND, () -> repository.find("", Sandbox.SILENT));
            assertFails(ErrorCode.SNAPSHOT_NOT_FOUND, () -> repository.find("zz", Sandbox.SILENT));
        }
    }

    @Test
    void anIdThatMatchesSeveralRestorePointsIsRefused() {
        List<String> ids = new ArrayList<>();
        while (ids.stream().map(id -> id.substring(0, 1)).distinct().count() == ids.size()) {
            ids.add(sandbox.backup(source).snapshot());
        }
        String shared = ids.getLast().substring(0, 1);

        try (Repository repository = sandbox.open()) {
            assertFails(ErrorCode.SNAPSHOT_AMBIGUOUS, () -> repository.find(shared, Sandbox.SILENT));
        }
    }

    @Test
    void entriesAreListedFlatAndDeep() throws IOException {
        Files.createDirectories(source.resolve("deep/deeper"));
        Files.write(source.resolve("deep/deeper/d.txt"), "delta".getBytes(UTF_8));
        Files.createSymbolicLink(source.resolve("link"), Path.of("a.txt"));
        String id = sandbox.backup(source).snapshot();

        assertThat(paths(id, source.toString(), false))
                .containsExactly(source + "/a.txt", source + "/b.img", source + "/deep", source + "/link");
        assertThat(paths(id, source + "/deep", true)).contains(source + "/deep/deeper", source + "/deep/deeper/d.txt");
        assertThat(paths(id, source + "/a.txt", false)).containsExactly(source + "/a.txt");
        assertThat(paths(id, "/", true)).contains(source + "/deep/deeper/d.txt");
        assertFails(ErrorCode.PATH_NOT_IN_SNAPSHOT, () -> paths(id, "/nowhere", false));
    }

    private List<String> paths(String id, String path, boolean recursive) {
        var paths = new ArrayList<String>();
        try (Repository repository = sandbox.open()) {
            repository.list(id, PathBytes.of(path), recursive, entry -> paths.add(entry.path()), Sandbox.SILENT);
        }
        return paths;
    }

    @Test
    void entriesAreFoundInAllRestorePointsByNameOrPath() throws IOException {
        String first = sandbox.backup(source).snapshot();
        Files.write(source.resolve("later.txt"), "later".getBytes(UTF_8));
        String second = sandbox.backup(source).snapshot();

        assertThat(found("a.txt")).containsExactly(first + " " + source + "/a.txt", second + " " + source + "/a.txt");
        assertThat(found("*.txt")).hasSize(3).contains(second + " " + source + "/later.txt");
        assertThat(found(source + "/l*")).containsExactly(second + " " + source + "/later.txt");
        assertThat(found("ward")).hasSize(2);
        assertThat(found("nothing")).isEmpty();
        assertFails(ErrorCode.PATTERN_MALFORMED, () -> found("[x"));
    }

    private List<String> found(String pattern) {
        var found = new ArrayList<String>();
        try (Repository repository = sandbox.open()) {
            repository.search(
                    pattern, (snapshot, entry) -> found.add(snapshot.id() + " " + entry.path()), Sandbox.SILENT);
        }
        return found;
    }

    @Test
    void anEntryTellsWhatAListingShows() {
        String id = sandbox.backup(source).snapshot();
        var entries = new ArrayList<Entry>();
        try (Repository repository = sandbox.open()) {
            repository.list(id, PathBytes.of(source + "/a.txt"), false, entries::add, Sandbox.SILENT);
        }

        Entry entry = entries.getFirst();
        assertThat(entry.type().word()).isEqualTo("file");
        assertThat(entry.size()).isEqualTo(5);
        assertThat(entry.owner()).isEqualTo("root");
        assertThat(entry.permissions() & 0700).isEqualTo(0600);
    }

    @Test
    void differencesAreNamed() throws IOException {
        Files.write(source.resolve("gone"), "gone".getBytes(UTF_8));
        Files.write(source.resolve("mode"), "mode".getBytes(UTF_8));
        String before = sandbox.backup(source).snapshot();
        Files.delete(source.resolve("gone"));
        Files.write(source.resolve("new"), "new".getBytes(UTF_8));
        Files.write(source.resolve("a.txt"), "alpha and more".getBytes(UTF_8));
        source.resolve("mode").toFile().setExecutable(true);
        String after = sandbox.backup(source).snapshot();

        var found = new ArrayList<Difference>();
        try (Repository repository = sandbox.open()) {
            repository.diff(before, after, found::add, Sandbox.SILENT);
        }

        assertThat(found)
                .filteredOn(difference -> difference.path().startsWith(source + "/"))
                .containsExactlyInAnyOrder(
                        new Difference(source + "/a.txt", Difference.Kind.CONTENT, 5, 14),
                        new Difference(source + "/gone", Difference.Kind.REMOVED, 4, 0),
                        new Difference(source + "/mode", Difference.Kind.ATTRIBUTES, 4, 4),
                        new Difference(source + "/new", Difference.Kind.ADDED, 0, 3));
    }

    @Test
    void aFilesContentIsDumped() throws IOException {
        String id = sandbox.backup(source).snapshot();
        var bytes = new ByteArrayOutputStream();

        try (Repository repository = sandbox.open();
                WritableByteChannel out = Channels.newChannel(bytes)) {
            repository.dump(id, PathBytes.of(source + "/b.img"), out, Sandbox.SILENT);

            assertThat(bytes.toByteArray()).isEqualTo(Bytes.random(1, 700_000));
            assertFails(
                    ErrorCode.PATH_NOT_IN_SNAPSHOT,
                    () -> repository.dump(id, PathBytes.of("/nowhere"), out, Sandbox.SILENT));
            assertFails(
                    ErrorCode.PATH_NOT_IN_SNAPSHOT,
                    () -> repository.dump(id, PathBytes.of(source.toString()), out, Sandbox.SILENT));
        }
    }

    @Test
    void aDumpWhoseReaderGoesAwayEndsWithAClearFailure() {
        String id = sandbox.backup(source).snapshot();
        var gone = new WritableByteChannel() {
            @Override
            public int write(java.nio.ByteBuffer bytes) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        try (Repository repository = sandbox.open()) {
            assertFails(
                    ErrorCode.TARGET_UNUSABLE,
                    () -> repository.dump(id, PathBytes.of(source + "/b.img"), gone, Sandbox.SILENT));
        }
    }

    @Test
    void everyLevelOfVerificationFindsAWholeRepositoryWholeAndKeepsItsResult() {
        String id = sandbox.backup(source).snapshot();

        for (VerifyLevel level : VerifyLevel.values()) {
            VerifyResult result = sandbox.verify(level);

            assertThat(result.isWhole()).as(level.name()).isTrue();
            assertThat(result.snapshots()).as(level.name()).containsExactly(id);
            assertThat(result.packs()).as(level.name()).isPositive();
            try (Repository repository = sandbox.open()) {
                assertThat(repository.verified(Sandbox.SILENT).get(id))
                        .extracting(Repository.Verified::whole, Repository.Verified::level)
                        .containsExactly(true, level);
            }
        }
    }

    @Test
    void aSampleReadsAPartOfThePacks() throws IOException {
        for (int i = 0; i < 12; i++) {
            Files.write(source.resolve("image" + i), Bytes.random(100 + i, 1_000_000));
            sandbox.backup(source);
        }

        try (Repository repository = sandbox.open()) {
            VerifyResult all = repository.verify(VerifyLevel.CONTENT, 1, Set.of(), Sandbox.SILENT);
            VerifyResult some = repository.verify(VerifyLevel.CONTENT, 0.3, Set.of(), Sandbox.SILENT);

            assertThat(some.packs()).isLessThan(all.packs());
            assertThat(some.isWhole()).isTrue();
            assertFails(ErrorCode.USAGE, () -> repository.verify(VerifyLevel.CONTENT, 0, Set.of(), Sandbox.SILENT));
            assertFails(ErrorCode.USAGE, () -> repository.verify(VerifyLevel.CONTENT, 1.5, Set.of(), Sandbox.SILENT));
        }
    }

    @Test
    void oneRestorePointCanBeVerifiedAlone() throws IOException {
        String first = sandbox.backup(source).snapshot();
        Files.write(source.resolve("c.txt"), "gamma".getBytes(UTF_8));
        sandbox.backup(source);

        try (Repository repository = sandbox.open()) {
            assertThat(repository
                            .verify(VerifyLevel.RESTORE, 1, Set.of(first), Sandbox.SILENT)
                            .snapshots())
                    .containsExactly(first);
        }
    }

    @Test
    void statisticsAddUp() throws IOException {
        Files.write(source.resolve("b.copy"), Bytes.random(1, 700_000));
        sandbox.backup(source);
        sandbox.backup(source);

        try (Repository repository = sandbox.open()) {
            RepositoryStats stats = repository.stats(Sandbox.SILENT);

            assertThat(stats.snapshots()).isEqualTo(2);
            assertThat(stats.chunks()).isPositive();
            assertThat(stats.logicalBytes()).isEqualTo(2 * (2 * 700_000 + 5));
            assertThat(stats.dedupRatio()).isGreaterThan(3);
            assertThat(stats.compressionRatio()).isBetween(0.5, 1.5);
        }
    }

    @Test
    void aPlanTellsWhatARestoreWouldDoAndWritesNothing() {
        String id = sandbox.backup(source).snapshot();

        try (Repository repository = sandbox.open()) {
            RestorePlan plan = repository.plan(RestoreRequest.of(id, temp.resolve("planned")), Sandbox.SILENT);

            assertThat(plan.files()).isEqualTo(2);
            assertThat(plan.bytes()).isEqualTo(700_005);
            assertThat(plan.packs()).isEqualTo(1);
            assertThat(temp.resolve("planned")).doesNotExist();
        }
    }

    @Test
    void theStepsOfARestoreAreThoseOfItsPlanAndHaveAllItsEntries() {
        String id = sandbox.backup(source).snapshot();
        try (Repository repository = sandbox.open()) {
            RestoreRequest request = RestoreRequest.of(id, temp.resolve("planned"));
            RestorePlan plan = repository.plan(request, Sandbox.SILENT);

            RestoreSteps steps = repository.steps(request, Sandbox.SILENT);

            assertThat(steps.written()).isEqualTo(plan.bytes());
            assertThat(steps.fetched() - steps.metadata()).isEqualTo(plan.fetched());
            assertThat(steps.steps().stream().mapToInt(RestoreSteps.Step::reads).sum())
                    .isEqualTo(plan.requests());
            assertThat(steps.entries()).isCloseTo((double) plan.entries(), within(1e-6));
            assertThat(steps.metadata()).isPositive();
            assertThat(steps.workers()).isPositive();
            assertThat(temp.resolve("planned")).doesNotExist();
        }
    }
}
