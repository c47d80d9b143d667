package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.LogArchive;
import org.medbackup.core.spi.app.LogArchive.LogFile;

/** The log of an application in a repository: create-only by name, also for a writer that reads nothing. */
class RepositoryLogTest {

    private static final String SOURCE = "postgresql://db:5432#log";

    @TempDir
    Path temp;

    private Sandbox sandbox;

    @BeforeEach
    void create() {
        sandbox = new Sandbox(temp.resolve("state")).create();
    }

    private LogFile file(String name, String content) {
        return file(name, content, Collections.emptySortedMap());
    }

    private LogFile file(String name, String content, SortedMap<String, String> facts) {
        try {
            Path source = Files.createDirectories(temp.resolve("source")).resolve(name);
            Files.writeString(source, content);
            return new LogFile(name, source, facts);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static LogArchive archive(Repository repository) {
        return repository.logArchive(BackupRequest.of(SOURCE, List.of()), Sandbox.SILENT);
    }

    private void store(Sandbox machine, LogFile... files) {
        try (Repository repository = machine.openAsWriter()) {
            archive(repository).store(List.of(files));
        }
    }

    private List<String> names() {
        try (Repository repository = sandbox.open()) {
            return archive(repository).entries().stream()
                    .map(LogArchive.LogEntry::name)
                    .toList();
        }
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void aWriterStoresABatchAsOneRestorePointAndAReaderFindsAndFetchesEachFile() throws IOException {
        var facts = new TreeMap<>(java.util.Map.of("first commit", "2026-01-01 = 0/1\tä\n"));
        store(sandbox, file("b", "two"), file("a", "one", facts));

        try (Repository repository = sandbox.open()) {
            LogArchive archive = archive(repository);
            assertThat(repository.snapshots(Sandbox.SILENT)).singleElement().satisfies(point -> {
                assertThat(point.holdsLog()).isTrue();
                assertThat(point.source()).isEqualTo(SOURCE);
            });
            assertThat(archive.entries()).extracting(LogArchive.LogEntry::name).containsExactly("a", "b");
            assertThat(archive.entries().getFirst().facts()).isEqualTo(facts);
            assertThat(archive.entries().getFirst().size()).isEqualTo(3);
            assertThat(archive.fetch("a", temp.resolve("back"))).isTrue();
            assertThat(temp.resolve("back")).hasContent("one");
            assertThat(archive.fetch("absent", temp.resolve("absent"))).isFalse();
            fails(ErrorCode.TARGET_UNUSABLE, () -> archive.fetch("b", temp.resolve("back")));
            fails(ErrorCode.TARGET_UNUSABLE, () -> archive.fetch("b", temp.resolve("no/folder")));
            fails(ErrorCode.SNAPSHOT_NOT_FOUND, () -> repository.find("latest", Sandbox.SILENT));
        }
        try (var left = Files.list(temp)) {
            assertThat(left.filter(each -> each.getFileName().toString().startsWith(".medbackup")))
                    .isEmpty();
        }
    }

    @Test
    void anEqualDuplicateIsLeftAloneAndADifferentOneRefusedAndNothingOfItsBatchStored() {
        store(sandbox, file("a", "one"));
        store(sandbox, file("a", "one"));
        assertThat(points()).isEqualTo(1);

        fails(ErrorCode.APPLICATION_LOG_CONFLICT, () -> store(sandbox, file("b", "two"), file("a", "another")));

        assertThat(names()).containsExactly("a");
        store(sandbox, file("b", "two"), file("b", "two"));
        assertThat(names()).containsExactly("a", "b");
    }

    private int points() {
        try (Repository repository = sandbox.open()) {
            return repository.snapshots(Sandbox.SILENT).size();
        }
    }

    @Test
    void twoContentsOfOneNameInOneBatchAreRefused() throws IOException {
        LogFile one = file("a", "one");
        Path other = Files.writeString(temp.resolve("other"), "two");

        fails(
                ErrorCode.APPLICATION_LOG_CONFLICT,
                () -> store(sandbox, one, new LogFile("a", other, Collections.emptySortedMap())));
    }

    @Test
    void whatTwoMachinesStoredDifferentlyIsFoundAndNeitherIsTakenForTheRightOne() {
        store(sandbox, file("a", "one"), file("b", "same"));
        store(sandbox.elsewhere(temp.resolve("other")), file("a", "another"), file("b", "same"));

        assertThat(names()).containsExactly("a", "a", "b");
        try (Repository repository = sandbox.open()) {
            fails(ErrorCode.APPLICATION_LOG_CONFLICT, () -> archive(repository).fetch("a", temp.resolve("back")));
            assertThat(archive(repository).fetch("b", temp.resolve("back"))).isTrue();
        }
    }

    @Test
    void aMachineThatLostItsMemoryAsksTheRepositoryWhereItMayRead() {
        store(sandbox, file("a", "one"));

        try (Repository reader = sandbox.elsewhere(temp.resolve("fresh")).open()) {
            fails(ErrorCode.APPLICATION_LOG_CONFLICT, () -> archive(reader).store(List.of(file("a", "another"))));
            archive(reader).store(List.of(file("a", "one")));
        }

        assertThat(points()).isEqualTo(1);
    }

    @Test
    void aRecordThatACrashLeftHalfWrittenIsNotBelieved() throws IOException {
        store(sandbox, file("a", "one"));
        Path ledger = ledger();
        byte[] whole = Files.readAllBytes(ledger);
        assertThat(new String(whole, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("one", SOURCE);
        // The intention stayed, that it was stored did not.
        Files.write(ledger, Arrays.copyOf(whole, whole.length - 3), StandardOpenOption.TRUNCATE_EXISTING);

        fails(ErrorCode.APPLICATION_LOG_CONFLICT, () -> store(sandbox, file("a", "another")));
        store(sandbox, file("a", "one"));

        assertThat(names()).containsExactly("a");
        assertThat(Files.size(ledger)).isEqualTo(whole.length + whole.length / 2);
    }

    private Path ledger() throws IOException {
        try (var files = Files.walk(temp.resolve("state/logs"))) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    @Test
    void aLedgerThatCannotBeOpenedIsNamed() throws IOException {
        store(sandbox, file("a", "one"));
        Path ledger = ledger();
        Files.delete(ledger);
        Files.createDirectory(ledger);

        fails(ErrorCode.STATE_UNUSABLE, () -> store(sandbox, file("a", "one")));
    }

    @Test
    void aFileThatIsGoneIsNamedAndNothingIsStored() throws IOException {
        LogFile gone = file("a", "one");
        Files.delete(gone.source());

        fails(ErrorCode.SOURCE_UNREADABLE, () -> store(sandbox, gone));

        assertThat(points()).isZero();
    }

    @Test
    void logIsUnderNoRuleAndGoesOnlyAsWhatNobodyNeeds() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("folder"));
        Files.writeString(folder.resolve("file"), "content");
        String state = sandbox.backup(folder).snapshot();
        store(sandbox, file("a", "one"));
        store(sandbox, file("b", "two"));
        try (Repository repository = sandbox.open()) {
            List<Snapshot> all = repository.snapshots(Sandbox.SILENT);
            List<String> logs =
                    all.stream().filter(Snapshot::holdsLog).map(Snapshot::id).toList();
            var rules = new RetentionRules(1, 0, 0, 0, 0, java.time.Duration.ZERO);

            ForgetResult byRule = repository.forget(rules, false, Sandbox.SILENT);
            ForgetResult byName = repository.forget(Set.of(logs.getFirst()), false, Sandbox.SILENT);

            assertThat(byRule.removed()).isEmpty();
            assertThat(byRule.kept()).containsExactlyInAnyOrder(state, logs.getFirst(), logs.getLast());
            assertThat(byName.refused()).singleElement().satisfies(refused -> {
                assertThat(refused.id()).isEqualTo(logs.getFirst());
                assertThat(refused.reason()).contains("log");
            });
            assertThat(byName.kept()).contains(logs.getLast());
            fails(ErrorCode.USAGE, () -> repository.forgetLog(Set.of(state), false, Sandbox.SILENT));
            repository.forgetLog(Set.of(logs.getFirst()), false, Sandbox.SILENT);
        }
        assertThat(names()).containsExactly("b");
    }
}
