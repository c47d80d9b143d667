package org.medbackup.app.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Consistency;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.RecoveryTarget;
import org.medbackup.testkit.ApplicationContract;
import org.medbackup.testkit.HandedOver;

/** A database file that somebody writes to is copied as of one transaction. */
class SqliteBackupTest implements ApplicationContract {

    @TempDir
    Path temp;

    private Path file;

    @BeforeEach
    void database() throws SQLException {
        file = temp.resolve("clinic of the town.db");
        create("WAL");
    }

    private void create(String journal) throws SQLException {
        try (Connection connection = connect(file)) {
            run(
                    connection,
                    "PRAGMA journal_mode=" + journal,
                    "CREATE TABLE IF NOT EXISTS account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL, filler"
                            + " TEXT)",
                    "CREATE TABLE IF NOT EXISTS ledger (id INTEGER PRIMARY KEY, account INTEGER, delta INTEGER)",
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                            + " INSERT OR IGNORE INTO account SELECT i, 0, hex(randomblob(100)) FROM n");
        }
    }

    private static Connection connect(Path database) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + database);
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private static long ask(Path database, String query) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.getLong(1);
        }
    }

    private static Deadline soon() {
        return Deadline.after(TimeSource.system(), Duration.ofSeconds(60));
    }

    private org.medbackup.core.spi.app.Connection connection() {
        return org.medbackup.core.spi.app.Connection.to(
                URI.create("sqlite://" + file.toUri().getRawPath()));
    }

    @Override
    public Application open() {
        return new SqliteProvider().open(connection(), Outside.system());
    }

    private Application impatient() {
        return new SqliteProvider().open(connection().with("busySeconds", "1"), Outside.system());
    }

    /** Stands for the engine and its restore in one. */
    private final class Restored extends HandedOver {

        private final Path root;

        Restored(Path root) {
            this.root = root;
        }

        @Override
        public void file(Path source, PathBytes as, Cut cut) {
            super.file(source, as, cut);
            try {
                Path target = root.resolve(as.toString().substring(1));
                Files.createDirectories(target.getParent());
                Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        Path file() {
            return root.resolve(file.toString().substring(1));
        }
    }

    private record Done(Consistency consistency, Map<String, String> evidence) {}

    private static Done back(Application application, Restored sink) {
        try (application) {
            Application.Discovery found = application.discover(soon());
            application.prepare("run", soon());
            try {
                application.mark(soon());
                application.copy(sink);
                Consistency reached = application.verify(soon());
                var evidence = new HashMap<>(found.facts());
                evidence.putAll(reached.evidence());
                return new Done(reached, evidence);
            } finally {
                application.after(Outcome.SUCCESS, soon());
            }
        }
    }

    private Recovered recover(Restored sink, Map<String, String> evidence) {
        return new SqliteProvider()
                .recovery(Outside.system())
                .start(new RestoredFiles(sink.root, evidence, temp), soon());
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE"})
    void aDatabaseThatIsWrittenToIsCopiedAsOfOneTransaction(String journal) throws Exception {
        create(journal);
        var over = new java.util.concurrent.atomic.AtomicBoolean();
        var moved = new AtomicLong();
        Thread writer = new Thread(() -> move(over, moved));
        writer.start();
        Done done;
        var sink = new Restored(temp.resolve("restored"));
        try {
            while (moved.get() < 10) {
                Thread.onSpinWait();
            }
            done = back(open(), sink);
        } finally {
            over.set(true);
            writer.join();
        }

        try (Recovered recovered = recover(sink, done.evidence())) {
            assertThat(recovered.verify(soon())).isNotEmpty().allMatch(Readiness::ok);
            assertThat(recovered.address()).startsWith("jdbc:sqlite:");
            assertThat(recovered.ask("SELECT count(*) > 0 FROM ledger", soon())).contains("1");
            assertThat(recovered.port()).isEmpty();
            assertThat(recovered.reached().position()).isNotEmpty();
        }
        assertThat(ask(sink.file(), "SELECT count(*) FROM ledger")).isBetween(20L, 2 * moved.get());
        assertThat(ask(
                        sink.file(),
                        "SELECT (SELECT sum(balance) FROM account) <> 0 OR EXISTS (SELECT 1 FROM account a WHERE"
                                + " balance <> (SELECT coalesce(sum(delta), 0) FROM ledger WHERE account = a.id))"))
                .isZero();
        assertThat(done.consistency().added()).isLessThan(Duration.ofSeconds(30));
        assertThat(done.evidence()).containsKeys("copy_seconds", "file");
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left).noneMatch(each -> each.getFileName().toString().startsWith(".medbackup"));
        }
    }

    private void move(java.util.concurrent.atomic.AtomicBoolean over, AtomicLong moved) {
        try (Connection connection = connect(file)) {
            run(connection, "PRAGMA busy_timeout=60000", "PRAGMA synchronous=OFF");
            for (int i = 0; !over.get(); i++) {
                int from = 1 + i % 2000;
                int to = 1 + (i * 7 + 3) % 2000;
                run(
                        connection,
                        "BEGIN IMMEDIATE",
                        "UPDATE account SET balance = balance - 5 WHERE id = " + from,
                        "INSERT INTO ledger (account, delta) VALUES (" + from + ", -5)",
                        "UPDATE account SET balance = balance + 5 WHERE id = " + to,
                        "INSERT INTO ledger (account, delta) VALUES (" + to + ", 5)",
                        "COMMIT");
                moved.incrementAndGet();
            }
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void betweenTwoBackupsOnlyTheChangedPagesDiffer() throws Exception {
        var first = new Restored(temp.resolve("first"));
        var second = new Restored(temp.resolve("second"));
        back(open(), first);
        try (Connection connection = connect(file)) {
            run(connection, "UPDATE account SET balance = 1 WHERE id = 1000");
        }
        back(open(), second);

        byte[] one = Files.readAllBytes(first.file());
        byte[] two = Files.readAllBytes(second.file());
        int changed = 0;
        for (int at = 0; at < two.length; at += 4096) {
            changed += Arrays.equals(one, at, at + 4096, two, at, at + 4096) ? 0 : 1;
        }
        assertThat(two.length / 4096).isGreaterThan(50);
        assertThat(changed).isBetween(1, 3);
    }

    @Test
    void aWriterThatKeepsTheDatabaseLockedEndsTheBackupAfterItsTime() throws SQLException {
        create("DELETE");
        try (Connection writer = connect(file);
                Application application = impatient()) {
            application.discover(soon());
            application.prepare("run", soon());
            run(writer, "BEGIN EXCLUSIVE");

            assertThatThrownBy(() -> application.mark(soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            late -> assertThat(late.code()).isEqualTo(ErrorCode.BUDGET_EXCEEDED));
            run(writer, "ROLLBACK");
            application.mark(soon());
            application.after(Outcome.SUCCESS, soon());
        }
    }

    @Test
    void whatIsNoDatabaseIsRefused() throws IOException {
        Path text = Files.writeString(temp.resolve("notes.db"), "patient notes ".repeat(50));
        Path empty = Files.createFile(temp.resolve("empty.db"));
        // An encrypted database looks like noise from its first byte on.
        for (Path each : new Path[] {text, empty}) {
            assertRefused(each, ErrorCode.APPLICATION_NOT_READY);
        }
        assertRefused(temp.resolve("missing.db"), ErrorCode.APPLICATION_UNREACHABLE);
        assertRefused(temp, ErrorCode.APPLICATION_UNREACHABLE);
        assertThat(temp.resolve("missing.db")).doesNotExist();
    }

    private static void assertRefused(Path what, ErrorCode code) {
        try (Application application =
                new SqliteProvider().open(URI.create("sqlite://" + what.toUri().getRawPath()), Outside.system())) {
            assertThatThrownBy(() -> application.discover(soon()))
                    .isInstanceOfSatisfying(BackupException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(code);
                        assertThat(refused.describe()).doesNotContain(what.toString());
                    });
        }
    }

    @Test
    void aDamagedDatabaseIsNoBackup() throws IOException {
        scribble(file);

        assertThatThrownBy(() -> back(open(), new Restored(temp.resolve("restored"))))
                .isInstanceOf(BackupException.class);
    }

    @Test
    void damageInARestoredCopyIsFound() throws IOException {
        var sink = new Restored(temp.resolve("restored"));
        Done done = back(open(), sink);
        scribble(sink.file());

        try (Recovered recovered = recover(sink, done.evidence())) {
            assertThat(recovered.verify(soon())).anyMatch(each -> !each.ok());
        }
        Files.write(sink.file(), new byte[10]);
        assertThatThrownBy(() -> recover(sink, done.evidence())).isInstanceOf(DamageException.class);
        assertThatThrownBy(() -> recover(sink, Map.of())).isInstanceOf(DamageException.class);
    }

    /** Overwrites pages in the middle. */
    private static void scribble(Path database) throws IOException {
        byte[] all = Files.readAllBytes(database);
        Arrays.fill(all, 8192, all.length - 8192, (byte) 0x5a);
        Files.write(database, all, StandardOpenOption.TRUNCATE_EXISTING);
    }

    @Test
    void aJournalOfAnotherTimeDoesNotReachTheRestoredDatabase() throws Exception {
        var sink = new Restored(temp.resolve("restored"));
        Done done = back(open(), sink);
        Path stale = sink.file().resolveSibling(sink.file().getFileName() + "-wal");
        Files.write(stale, new byte[4096]);

        try (Recovered recovered = recover(sink, done.evidence())) {
            assertThat(recovered.verify(soon())).allMatch(Readiness::ok);
        }
    }

    @Test
    void aScratchFolderWithoutRoomOrThatIsNotThereIsNamed() {
        var nowhere = connection().with("scratch", temp.resolve("nowhere").toString());
        try (Application application = new SqliteProvider().open(nowhere, Outside.system())) {
            application.discover(soon());
            assertThat(application.check(soon()))
                    .filteredOn(each -> !each.ok())
                    .singleElement()
                    .satisfies(each -> assertThat(each.remedy()).contains("scratch"));
            assertThatThrownBy(() -> application.prepare("run", soon())).isInstanceOf(BackupException.class);
        }
    }

    @Test
    void theJournalModeIsTold() throws SQLException {
        try (Application application = open()) {
            assertThat(application.address()).matches("sqlite://[0-9a-f]{16}");
            assertThat(application.discover(soon()).facts()).containsEntry("journal", "wal");
        }
        create("DELETE");
        try (Application application = open()) {
            assertThat(application.discover(soon()).facts()).containsEntry("journal", "rollback");
            assertThat(application.check(soon()))
                    .anyMatch(each -> each.message().contains("journal_mode=WAL"));
        }
    }

    @Test
    void addressesAndOptionsThatCannotBeAreRefused() {
        var provider = new SqliteProvider();
        assertThat(provider.kinds()).containsExactly("sqlite");
        assertThat(provider.options()).hasSize(2);
        for (String each :
                new String[] {"sqlite://host/a.db", "sqlite:a.db", "sqlite:///", "file:///a.db", "sqlite:///a%00b"}) {
            assertThatThrownBy(() -> provider.open(URI.create(each), Outside.system()))
                    .isInstanceOf(UsageException.class);
        }
        assertThatThrownBy(() -> provider.open(connection().with("busySeconds", "soon"), Outside.system()))
                .isInstanceOf(UsageException.class);
        var newest = new RestoredFiles(temp, Map.of(), temp, new RecoveryTarget.Newest(), null, Map.of());
        assertThatThrownBy(() -> provider.recovery(Outside.system()).start(newest, soon()))
                .isInstanceOf(UsageException.class);
    }

    @Test
    void phasesOutOfOrderAreToldAsSuch() {
        try (Application application = open()) {
            assertThatThrownBy(() -> application.check(soon())).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> application.freeze(soon())).isInstanceOf(IllegalStateException.class);
            assertThat(application.freezes()).isFalse();
        }
    }
}
