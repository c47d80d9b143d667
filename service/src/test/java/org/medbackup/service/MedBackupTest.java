package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.Difference;
import org.medbackup.engine.Entry;
import org.medbackup.engine.RepositoryStats;
import org.medbackup.engine.RestorePlan;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.Snapshot;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.VerifyResult;
import org.medbackup.recovery.Prediction;

class MedBackupTest {

    @TempDir
    Path temp;

    private Site site;

    @BeforeEach
    void open() {
        site = new Site(temp);
        site.write("a/letter.txt", "Dear colleague");
        site.write("b/result.txt", "potassium 4.1");
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void aNewRepositoryTellsItsIdAndFormatAndGivesAWriterKeyThatOnlyItsOwnerMayRead() throws IOException {
        MedBackup.Initialised made = site.product.init(site.reading(), site.writerKey());

        assertThat(made.id()).matches("[0-9a-f]{32}");
        assertThat(made.format()).isEqualTo(1);
        assertThat(made.location()).contains(site.repository().toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(site.writerKey())))
                .isEqualTo("rw-------");
        assertThat(Site.read(site.writerKey())).startsWith("MEDBACKUP-KEY 1\nrole: writer\n");
    }

    @Test
    void aRepositoryIsNotMadeWhereOneIs() {
        site.made();
        String before = Site.everythingBelow(site.repository());

        Site.failure(ErrorCode.REPOSITORY_EXISTS, () -> site.product.init(site.reading(), null));

        assertThat(Site.everythingBelow(site.repository())).isEqualTo(before);
    }

    @Test
    void aRepositoryIsNotMadeWhereAnythingElseIs() {
        Site.write(site.repository().resolve("somebody's.txt"), new byte[] {1});

        Site.failure(ErrorCode.REPOSITORY_EXISTS, () -> site.product.init(site.reading(), null));

        assertThat(site.repository()).isDirectoryNotContaining("glob:**/format");
    }

    @Test
    void noRepositoryIsMadeWhereTheWriterKeyWouldReplaceAFile() {
        Site.write(site.writerKey(), new byte[] {1});

        Site.failure(ErrorCode.TARGET_UNUSABLE, () -> site.product.init(site.reading(), site.writerKey()));

        assertThat(site.repository().resolve("format")).doesNotExist();
        assertThat(site.writerKey()).hasBinaryContent(new byte[] {1});
    }

    @Test
    void noRepositoryIsMadeWhereTheWriterKeyCannotBeWritten() {
        Path nowhere = temp.resolve("no/such/folder/writer.key");

        Site.failure(ErrorCode.TARGET_UNUSABLE, () -> site.product.init(site.reading(), nowhere));

        assertThat(site.repository().resolve("format")).doesNotExist();
    }

    @Test
    void noKeyFileIsLeftWhereNoRepositoryCouldBeMade() {
        Site.write(site.repository().resolve("somebody's.txt"), new byte[] {1});

        Site.failure(ErrorCode.REPOSITORY_EXISTS, () -> site.product.init(site.reading(), site.writerKey()));

        assertThat(site.writerKey()).doesNotExist();
    }

    @Test
    void whatHasNotChangedIsTakenOverFromTheRestorePointBefore() {
        site.initialised();

        BackupResult full = site.backup();
        site.write("a/letter.txt", "Dear colleague, once more");
        BackupResult next = site.backup();

        assertThat(full.parent()).isEmpty();
        assertThat(full.files()).isEqualTo(new BackupResult.Files(2, 0, 0, 0));
        assertThat(next.parent()).isEqualTo(full.snapshot());
        assertThat(next.files()).isEqualTo(new BackupResult.Files(0, 1, 1, 0));
        assertThat(next.isComplete()).isTrue();
    }

    @Test
    void theRepositoryAndTheCachesAreLeftOutOfABackupThatHoldsThem() {
        site.initialised();

        site.product.backup(site.writing(), BackupOrder.of(List.of(Site.path(temp))));
        site.product.backup(site.writing(), BackupOrder.of(List.of(Site.path(temp))));

        assertThat(paths(PathBytes.of("/"), true))
                .contains(
                        temp + "/source/a/letter.txt",
                        temp + "/writer.key",
                        site.state().resolve("host.key").toString())
                .noneMatch(path -> path.startsWith(site.repository() + "/"))
                .noneMatch(path -> path.startsWith(site.state() + "/cache/"));
    }

    private List<String> paths(PathBytes below, boolean recursive) {
        var paths = new ArrayList<String>();
        site.product.list(site.reading(), "latest", below, recursive, entry -> paths.add(entry.path()));
        return paths;
    }

    @Test
    void exclusionsAndOtherFileSystemsStayOutside() {
        site.initialised();
        site.write("a/draft.tmp", "not this");
        var order = new BackupOrder(
                List.of(Site.path(site.source()), PathBytes.of("/dev")),
                "",
                Collections.emptySortedMap(),
                List.of("*.tmp"),
                true);

        BackupResult result = site.product.backup(site.writing(), order);

        assertThat(result.files().added()).isGreaterThanOrEqualTo(2);
        assertThat(paths(PathBytes.of("/"), true))
                .contains(site.source() + "/a/letter.txt")
                .doesNotContain(site.source() + "/a/draft.tmp")
                .noneMatch(path -> path.startsWith("/dev/pts/"));
    }

    @Test
    void restorePointsAreFoundBySourceAndByTags() {
        site.initialised();
        var tagged = new BackupOrder(
                List.of(Site.path(site.source())), "", new TreeMap<>(Map.of("ward", "4b")), List.of(), false);
        BackupResult first = site.product.backup(site.writing(), tagged);
        BackupResult second = site.backup();

        assertThat(ids("", Map.of())).containsExactly(first.snapshot(), second.snapshot());
        assertThat(ids("ward", Map.of())).containsExactly(second.snapshot());
        assertThat(ids("", Map.of("ward", "4b"))).containsExactly(first.snapshot());
        assertThat(ids("ward", Map.of("ward", "4b"))).isEmpty();
        assertThat(ids(site.source().toString(), Map.of())).containsExactly(first.snapshot());
    }

    private List<String> ids(String source, Map<String, String> tags) {
        return site.product.snapshots(site.reading(), source, new TreeMap<>(tags)).stream()
                .map(view -> view.snapshot().id())
                .toList();
    }

    @Test
    void aRestorePointTellsWhereItComesFrom() {
        site.initialised();
        site.backup();

        Snapshot snapshot = site.product
                .snapshots(site.reading(), "", Collections.emptySortedMap())
                .getFirst()
                .snapshot();

        assertThat(snapshot.source()).isEqualTo("ward");
        assertThat(snapshot.host()).isEqualTo("backup01");
        assertThat(snapshot.tool()).isEqualTo("test 1.0");
        assertThat(snapshot.paths()).containsExactly(site.source().toString());
        assertThat(snapshot.consistency()).isEqualTo(ConsistencyLevel.FILE_LEVEL);
        assertThat(snapshot.audit().entries()).isPositive();
        assertThat(snapshot.audit().root()).matches("[0-9a-f]{64}");
    }

    @Test
    void aRestorePointIsShownAsVerifiedAfterItWas() {
        site.initialised();
        site.backup();

        assertThat(onlyView().verified()).isEmpty();
        site.product.verify(site.reading(), VerifyLevel.CONTENT, 100, List.of("latest"));

        assertThat(onlyView().verified()).hasValueSatisfying(verified -> {
            assertThat(verified.level()).isEqualTo(VerifyLevel.CONTENT);
            assertThat(verified.share()).isEqualTo(1);
            assertThat(verified.whole()).isTrue();
        });
    }

    private SnapshotView onlyView() {
        return site.product
                .snapshots(site.reading(), "", Collections.emptySortedMap())
                .getFirst();
    }

    @Test
    void aFolderIsListedWithOrWithoutWhatLiesDeeper() {
        site.initialised();
        site.backup();

        assertThat(paths(Site.path(site.source()), false)).containsExactly(site.source() + "/a", site.source() + "/b");
        assertThat(paths(Site.path(site.source().resolve("a/letter.txt")), false))
                .containsExactly(site.source() + "/a/letter.txt");
    }

    @Test
    void theListNamesTheRestorePointItIsOf() {
        site.initialised();
        BackupResult made = site.backup();
        var entries = new ArrayList<Entry>();

        Snapshot listed = site.product.list(site.reading(), "latest@ward", PathBytes.of("/"), true, entries::add);

        assertThat(listed.id()).isEqualTo(made.snapshot());
        assertThat(entries).anySatisfy(entry -> {
            assertThat(entry.path()).endsWith("/b/result.txt");
            assertThat(entry.size()).isEqualTo(13);
        });
    }

    @Test
    void aDifferenceNamesWhatCameWentAndChanged() throws IOException {
        site.initialised();
        BackupResult before = site.backup();
        site.write("c/new.txt", "new");
        site.write("b/result.txt", "potassium 4.2, controlled");
        Files.delete(site.source().resolve("a/letter.txt"));
        BackupResult after = site.backup();
        Map<String, Difference.Kind> files = new TreeMap<>();

        site.product.diff(site.reading(), before.snapshot(), after.snapshot(), each -> {
            if (each.path().endsWith(".txt")) {
                files.put(each.path(), each.kind());
            }
        });

        assertThat(files)
                .containsExactly(
                        Map.entry(site.source() + "/a/letter.txt", Difference.Kind.REMOVED),
                        Map.entry(site.source() + "/b/result.txt", Difference.Kind.CONTENT),
                        Map.entry(site.source() + "/c/new.txt", Difference.Kind.ADDED));
    }

    @Test
    void oneFileIsWrittenAsItWas() {
        site.initialised();
        site.backup();
        var out = new ByteArrayOutputStream();

        PathBytes letter = Site.path(site.source().resolve("a/letter.txt"));
        site.product.dump(site.reading(), "latest", letter, Channels.newChannel(out));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Dear colleague");
    }

    @Test
    void whatIsRestoredIsWhatWasPlannedAndWhatWasBackedUp() {
        site.initialised();
        site.backup();
        Path target = temp.resolve("restored");

        RestorePlan plan = site.product.plan(site.reading(), site.restoring(target));
        assertThat(target).doesNotExist();
        RestoreResult result = site.product.restore(site.reading(), site.restoring(target));

        assertThat(result.isComplete()).isTrue();
        assertThat(result.files()).isEqualTo(plan.files()).isEqualTo(2);
        assertThat(result.bytes().written()).isEqualTo(plan.bytes()).isEqualTo(27);
        assertThat(Site.read(Path.of(target + site.source().toString() + "/a/letter.txt")))
                .isEqualTo("Dear colleague");
    }

    @Test
    void oneFolderIsRestoredStraightIntoTheTargetAndOnlyWhatIsIncluded() {
        site.initialised();
        site.backup();
        Path target = temp.resolve("restored");
        List<PathBytes> includes = List.of(Site.path(site.source().resolve("a")));

        RestoreResult result = site.product.restore(
                site.reading(), new RestoreOrder("latest", Site.path(site.source()), includes, target));

        assertThat(result.files()).isEqualTo(1);
        assertThat(Site.read(target.resolve("a/letter.txt"))).isEqualTo("Dear colleague");
        assertThat(target.resolve("b")).doesNotExist();
    }

    @Test
    void whatIsThereIsNotReplacedAndTheRestoreSaysSo() {
        site.initialised();
        site.backup();
        Path target = temp.resolve("restored");
        Path there = Site.write(Path.of(target + site.source().toString() + "/a/letter.txt"), new byte[] {7});

        RestoreResult result = site.product.restore(site.reading(), site.restoring(target));

        assertThat(result.isComplete()).isFalse();
        assertThat(result.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.path()).endsWith("/a/letter.txt"));
        assertThat(there).hasBinaryContent(new byte[] {7});
    }

    @Test
    void aPredictionLiesBetweenItsBoundsAndLeavesTheTargetEmpty() {
        site.initialised();
        site.backup();
        Path target = temp.resolve("restored");

        Prediction prediction = site.product.predict(site.reading(), site.restoring(target));

        assertThat(prediction.expected()).isPositive().isBetween(prediction.low(), prediction.high());
        assertThat(prediction.stages()).isNotEmpty();
        assertThat(target)
                .satisfiesAnyOf(
                        folder -> assertThat(folder).doesNotExist(),
                        folder -> assertThat(folder).isEmptyDirectory());
    }

    @Test
    void aVerificationFindsDamageAndNamesTheFilesItCosts() {
        site.initialised();
        BackupResult made = site.backup();
        assertThat(site.product
                        .verify(site.reading(), VerifyLevel.RESTORE, 100, List.of())
                        .isWhole())
                .isTrue();

        site.damagePacks();
        VerifyResult result = site.product.verify(site.reading(), VerifyLevel.CONTENT, 100, List.of());

        assertThat(result.isWhole()).isFalse();
        assertThat(result.damaged()).anySatisfy(damage -> {
            assertThat(damage.snapshots()).containsExactly(made.snapshot());
            assertThat(damage.paths()).contains(site.source() + "/a/letter.txt");
        });
    }

    @Test
    void aRestoreFromDamagedPacksSaysThatItIsDamage() {
        site.initialised();
        site.backup();
        site.damagePacks();

        RestoreResult result = site.product.restore(site.reading(), site.restoring(temp.resolve("restored")));

        assertThat(result.damaged()).isTrue();
        assertThat(result.failures()).isNotEmpty();
    }

    @Test
    void sizesCountWhatIsStoredOnce() {
        site.initialised();
        site.backup();
        long once = site.product.stats(site.reading()).chunks();
        site.backup();

        RepositoryStats stats = site.product.stats(site.reading());

        assertThat(stats.snapshots()).isEqualTo(2);
        assertThat(stats.logicalBytes()).isEqualTo(54);
        assertThat(stats.uniqueBytes()).isPositive();
        assertThat(stats.storedBytes()).isGreaterThan(stats.uniqueBytes());
        // Not always as many: the folders above are of the restore point too, and others may work in them meanwhile.
        assertThat(stats.chunks()).isBetween(once, 2 * once - 1);
    }

    @Test
    void whatIsNotThereIsNamedByItsCode() {
        site.initialised();
        site.backup();
        PathBytes nothing = PathBytes.of("/no/such/path");
        Path target = temp.resolve("restored");

        Site.failure(
                ErrorCode.SOURCE_NOT_FOUND,
                () -> site.product.backup(site.writing(), BackupOrder.of(List.of(nothing))));
        Site.failure(
                ErrorCode.SNAPSHOT_NOT_FOUND,
                () -> site.product.list(site.reading(), "ffffffff", nothing, false, entry -> {}));
        Site.failure(
                ErrorCode.PATH_NOT_IN_SNAPSHOT,
                () -> site.product.list(site.reading(), "latest", nothing, false, entry -> {}));
        Site.failure(
                ErrorCode.PATH_NOT_IN_SNAPSHOT,
                () -> site.product.restore(site.reading(), new RestoreOrder("latest", nothing, List.of(), target)));
        Site.failure(ErrorCode.USAGE, () -> site.product.verify(site.reading(), VerifyLevel.PRESENCE, 0, List.of()));
        Site.failure(ErrorCode.USAGE, () -> site.product.verify(site.reading(), VerifyLevel.PRESENCE, 101, List.of()));
        assertThat(target).doesNotExist();
    }

    @Test
    void thePasswordlessWriterBacksUpAndReadsNothing() {
        site.initialised();
        site.backup();

        Site.failure(
                ErrorCode.KEY_ROLE_INSUFFICIENT,
                () -> site.product.restore(site.writing(), site.restoring(temp.resolve("restored"))));
        Site.failure(
                ErrorCode.KEY_ROLE_INSUFFICIENT,
                () -> site.product.snapshots(site.writing(), "", Collections.emptySortedMap()));
        Site.failure(
                ErrorCode.KEY_ROLE_INSUFFICIENT,
                () -> site.product.verify(site.writing(), VerifyLevel.STRUCTURE, 100, List.of()));
        Site.failure(ErrorCode.KEY_ROLE_INSUFFICIENT, () -> site.product.stats(site.writing()));
        Site.failure(
                ErrorCode.NO_CREDENTIAL_GIVEN,
                () -> site.product.init(
                        new RepositoryAccess(
                                temp.resolve("other").toString(), site.writing().credential()),
                        null));
        assertThat(temp.resolve("restored")).doesNotExist();
    }
}
