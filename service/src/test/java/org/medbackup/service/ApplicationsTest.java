package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.AuditEntry;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.postgres.PostgresServer;
import org.medbackup.postgres.ServerSettings;
import org.medbackup.postgres.SocketSession;

class ApplicationsTest {

    private static Database database;

    @TempDir
    Path temp;

    private Site site;
    private Path target;

    @BeforeAll
    static void startServer() {
        database = new Database();
        database.ask("CREATE TABLE account AS SELECT n AS id, 0 AS balance FROM generate_series(1, 5000) AS n");
        database.ask("CREATE ROLE weak LOGIN PASSWORD 'canary-weak'");
    }

    @AfterAll
    static void stopServer() {
        database.close();
    }

    @BeforeEach
    void open() throws IOException {
        site = new Site(temp);
        target = Files.createTempDirectory(database.folder, "restored-");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @AfterEach
    void close() {
        site.close();
    }

    private AuditEntry lastEnd(String action) {
        return site.audit().stream()
                .filter(entry -> entry.event().equals("ended") && action.equals(entry.action()))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Test
    void aServerThatCanBeBackedUpIsReady() {
        ApplicationCheck check = site.product.applications().check(database.address());

        assertThat(check.isReady()).isTrue();
        assertThat(check.checks()).isNotEmpty().allMatch(Readiness::ok);
        assertThat(check.discovery().version()).startsWith("18");
        assertThat(check.address()).startsWith("postgresql://").doesNotContain(database.password());
        assertThat(lastEnd("app-check").outcome()).isEqualTo("SUCCESS");
    }

    @Test
    void anAccountWithoutRightsIsNotReadyAndEachMissingRightHasARemedy() {
        ApplicationCheck check = site.product.applications().check(database.address("weak", "canary-weak"));

        assertThat(check.isReady()).isFalse();
        assertThat(check.checks())
                .filteredOn(each -> !each.ok())
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.remedy()).isNotBlank());
        AuditEntry end = lastEnd("app-check");
        assertThat(end.outcome()).isEqualTo("FINDING");
        assertThat(end.code()).isEqualTo("APPLICATION_NOT_READY");
    }

    @Test
    void aBackupThatIsNotPossibleIsRefusedBeforeItBegins() {
        site.initialised();

        BackupException failure = Site.failure(
                ErrorCode.APPLICATION_NOT_READY,
                () -> site.product.applications().backup(site.writing(), database.address("weak", "canary-weak")));

        assertThat(failure.describe()).doesNotContain("canary");
        assertThat(site.product.stats(site.reading()).snapshots()).isZero();
    }

    @Test
    void theWrongPasswordOfAServerIsNoSecretsLeak() {
        BackupException failure = Site.failure(
                ErrorCode.APPLICATION_UNREACHABLE,
                () -> site.product.applications().check(database.address("postgres", "canary-wrong")));

        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain("canary-wrong");
        }
        site.audit();
        assertThat(Site.everythingBelow(site.state().resolve("audit"))).doesNotContain("canary-wrong");
    }

    @Test
    void aDatabaseInUseIsBackedUpConsistentlyAndComesUpAgainFromTheRestorePoint() {
        site.initialised();
        List<String> visited = new ArrayList<>();

        ApplicationBackup made = site.product.applications().backup(site.writing(), database.address());
        ApplicationBackup next = site.product.applications().backup(site.writing(), database.address());
        ApplicationRestore restored = site.product
                .applications()
                .restore(site.reading(), database.address(), Optional.empty(), target, visited::add);

        assertThat(made.consistency()).isEqualTo(ConsistencyLevel.APPLICATION_CONSISTENT);
        assertThat(made.position()).matches("[0-9A-F]+/[0-9A-F]+");
        assertThat(made.frozen()).isLessThan(Duration.ofSeconds(1));
        assertThat(made.added()).isGreaterThanOrEqualTo(made.frozen());
        assertThat(next.backup().parent()).isEqualTo(made.backup().snapshot());
        assertThat(next.backup().bytes().added())
                .isLessThan(made.backup().bytes().added() / 2);
        assertThat(restored.isRight()).isTrue();
        assertThat(restored.checks()).isNotEmpty();
        assertThat(restored.recovery()).isPositive();
        assertThat(restored.root()).isEqualTo(target);
        assertThat(restored.restore().isComplete()).isTrue();
        assertThat(visited).singleElement().asString().startsWith("jdbc:postgresql://");
        tellsWhatItIs(made);
    }

    private void tellsWhatItIs(ApplicationBackup made) {
        var snapshot = site.product
                .snapshots(site.reading(), "", java.util.Collections.emptySortedMap())
                .getFirst();
        assertThat(snapshot.snapshot().consistency()).isEqualTo(ConsistencyLevel.APPLICATION_CONSISTENT);
        assertThat(snapshot.snapshot().evidence())
                .containsEntry("application.position", made.position())
                .containsKeys("application.version", "application.identity");
        assertThat(snapshot.snapshot().toString()).doesNotContain(database.password());
        assertThat(lastEnd("app-backup").facts())
                .containsEntry("consistency", "APPLICATION_CONSISTENT")
                .containsKeys("position", "frozenSeconds", "addedSeconds", "snapshot");
        assertThat(Site.everythingBelow(site.state().resolve("audit"))).doesNotContain(database.password());
        assertThat(site.events.all().toString()).doesNotContain(database.password());
    }

    @Test
    void aBackupThatIsLostIsRepeatedOnceAndTellsIt() {
        site.initialised();
        site.close();
        var marks = new AtomicInteger();
        Settings settings = Site.settings(site.state(), TimeSource.system())
                .with(Site.SMALL)
                .with(event -> {
                    if (event instanceof BackupEvent.PhaseEnded ended
                            && ended.phase().equals("mark")
                            && marks.incrementAndGet() == 1) {
                        database.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE application_name LIKE 'medbackup/%'");
                    }
                });

        try (MedBackup product = MedBackup.open(settings)) {
            ApplicationBackup made = product.applications().backup(site.writing(), database.address());

            assertThat(made.attempts()).isEqualTo(2);
            assertThat(marks).hasValue(2);
            assertThat(made.consistency()).isEqualTo(ConsistencyLevel.APPLICATION_CONSISTENT);
            assertThat(product.stats(site.reading()).snapshots()).isEqualTo(1);
        }
    }

    @Test
    void aFolderThatWasOnlyRestoredStartsUnderPlainPostgres() {
        site.initialised();
        site.product.applications().backup(site.writing(), database.address());
        site.product.restore(site.reading(), site.restoring(target));

        Path data = Path.of(target + database.data().toString());
        ServerSettings plain = ServerSettings.loggingTo(database.folder.resolve("plain.log"));
        Deadline soon = Deadline.after(TimeSource.system(), Duration.ofSeconds(60));
        try (PostgresServer server =
                        PostgresServer.start(database.installation(), data, plain, soon, Outside.system());
                SocketSession session = server.session("postgres", "postgres")) {
            assertThat(session.query("SELECT count(*) FROM account").getFirst()).containsExactly("5000");
        }
    }

    @Test
    void aRestoredDatabaseThatDoesNotPassItsChecksIsAFinding() {
        site.initialised();
        String backup = site.product
                .applications()
                .backup(site.writing(), database.address())
                .backup()
                .snapshot();
        Path table = Path.of(target + database.data().toString())
                .resolve(database.ask("SELECT pg_relation_filepath('account')"));

        ApplicationRestore restored = site.product
                .applications()
                .restore(site.reading(), database.address(), Optional.of(backup), target, running -> overwrite(table));

        assertThat(restored.isRight()).isFalse();
        AuditEntry end = lastEnd("app-restore");
        assertThat(end.outcome()).isEqualTo("FINDING");
        assertThat(end.code()).isEqualTo("RESTORED_APPLICATION_INVALID");
    }

    private static void overwrite(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            for (int at = 1000; at < bytes.length; at += 100) {
                bytes[at] ^= 0x55;
            }
            Files.write(file, bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aDatabaseIsNotStartedFromDamagedPacks() {
        site.initialised();
        site.product.applications().backup(site.writing(), database.address());
        site.damagePacks();

        Site.failure(
                ErrorCode.RESTORED_CONTENT_WRONG,
                () -> site.product
                        .applications()
                        .restore(site.reading(), database.address(), Optional.empty(), target));

        AuditEntry end = lastEnd("app-restore");
        assertThat(Map.of("outcome", String.valueOf(end.outcome()), "code", String.valueOf(end.code())))
                .containsExactlyInAnyOrderEntriesOf(Map.of("outcome", "FINDING", "code", "RESTORED_CONTENT_WRONG"));
    }

    @Test
    void theTargetIsNotWhereAFileIs() {
        site.initialised();
        site.product.applications().backup(site.writing(), database.address());
        Path file = Site.write(target.resolve("file"), new byte[0]);

        Site.failure(
                ErrorCode.TARGET_UNUSABLE,
                () -> site.product
                        .applications()
                        .restore(site.reading(), database.address(), Optional.empty(), file.resolve("below")));
    }

    @Test
    void aTargetThatIsNotThereIsMadeSoThatTheServersAccountMayPassThrough() throws IOException {
        site.initialised();
        site.product.applications().backup(site.writing(), database.address());
        Path fresh = target.resolve("fresh");

        assertThat(site.product
                        .applications()
                        .restore(site.reading(), database.address(), Optional.of("latest"), fresh)
                        .isRight())
                .isTrue();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)))
                .isEqualTo("rwx--x--x");
    }
}
