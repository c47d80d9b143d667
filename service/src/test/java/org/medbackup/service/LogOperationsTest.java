package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationLog.Lag;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.RecoveryTarget;
import org.medbackup.engine.ForgetResult;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.Snapshot;

/** The log of a real server in a real repository. */
class LogOperationsTest {

    private static Database database;

    @TempDir
    Path temp;

    private Site site;
    private String address;

    @BeforeAll
    static void startServer() {
        database = new Database();
        database.ask("CREATE TABLE visit (id int)");
    }

    @AfterAll
    static void stopServer() {
        database.close();
    }

    @BeforeEach
    void open() {
        site = new Site(temp).initialised();
        address = database.address();
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Lag receiveAll() {
        var reception = new Reception("medbackup", 4, Duration.ofMinutes(5), position(), Duration.ofSeconds(60));
        return site.product.logs().receive(site.writing(), address, reception, lag -> {});
    }

    private static String position() {
        return database.ask("SELECT pg_current_wal_lsn()");
    }

    private static void write(int count) {
        database.ask("INSERT INTO visit SELECT generate_series(1, " + count + ")");
    }

    private List<Snapshot> points() {
        return site.product.snapshots(site.reading(), "", Collections.emptySortedMap()).stream()
                .map(SnapshotView::snapshot)
                .toList();
    }

    @Test
    void aServerIsRecoveredToAPointBetweenItsBackupsAndForgettingKeepsTheLogThatIsNeeded()
            throws IOException, SQLException {
        database.ask("TRUNCATE visit");
        receiveAll();
        site.product.applications().backup(site.writing(), address);
        write(10);
        String ten = position();
        write(5);
        database.ask("SELECT pg_switch_wal()");
        write(1);
        Lag lag = receiveAll();
        assertThat(lag.received()).isNotBlank();

        LogOperations.Check check = site.product.logs().check(site.reading(), address);
        assertThat(check.gaps()).isEmpty();
        assertThat(check.files()).isPositive();
        assertThat(check.bytes()).isPositive();
        assertThat(recovered(new RecoveryTarget.AtPosition(ten))).isEqualTo("10");

        List<String> first =
                points().stream().filter(Snapshot::holdsLog).map(Snapshot::id).toList();
        assertThat(points().stream().filter(Snapshot::holdsLog)).allSatisfy(each -> {
            assertThat(each.tags()).containsEntry("kind", "log");
            assertThat(each.source()).endsWith(LogOperations.SUFFIX);
        });
        database.ask("SELECT pg_switch_wal()");
        write(1);
        String second = site.product
                .applications()
                .backup(site.writing(), address)
                .backup()
                .snapshot();
        write(1);
        database.ask("SELECT pg_switch_wal()");
        write(1);
        receiveAll();
        var newest = new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO);

        ForgetResult plan = site.product.forget(site.reading(), newest, List.of(), true);
        assertThat(points()).hasSize(plan.kept().size() + plan.removed().size());
        ForgetResult done = site.product.forget(site.reading(), newest, List.of(), false);

        assertThat(done.removed())
                .containsExactlyInAnyOrderElementsOf(plan.removed())
                .containsAnyElementsOf(first);
        assertThat(points().stream().filter(each -> !each.holdsLog()).map(Snapshot::id))
                .containsExactly(second);
        assertThat(points().stream().filter(Snapshot::holdsLog)).isNotEmpty();
        assertThat(site.product.logs().check(site.reading(), address).gaps()).isEmpty();
        assertThat(recovered(new RecoveryTarget.Newest())).isEqualTo("19");
        assertThat(Site.everythingBelow(site.state().resolve("logs"))).doesNotContain("postgresql");
    }

    private String recovered(RecoveryTarget target) throws IOException, SQLException {
        Path folder = Files.createTempDirectory(database.folder, "restored-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        var order = new RecoveryOrder(Optional.empty(), folder, target, "", Map.of());
        var counts = new ArrayList<String>();
        ApplicationRestore done = site.product
                .applications()
                .restore(site.reading(), address, order, running -> counts.add(count(running)));
        assertThat(done.isRight()).isTrue();
        return counts.getFirst();
    }

    private static String count(String jdbc) {
        try (var connection = DriverManager.getConnection(jdbc);
                var rows = connection.createStatement().executeQuery("SELECT count(*) FROM visit")) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void aFileIsPushedWithAWritersKeyOnceAndFetchedByItsName() throws IOException {
        write(1);
        String segment = database.ask("SELECT pg_walfile_name(pg_switch_wal())");
        Path file = database.data().resolve("pg_wal").resolve(segment);
        // A server that archives would not have recycled it yet.
        Path copy = Files.createDirectories(temp.resolve("data/pg_wal")).resolve(segment);
        Files.copy(file, copy);

        site.product.logs().push(site.writing(), address, copy);
        site.product.logs().push(site.writing(), address, copy);

        assertThat(points()).hasSize(1);
        site.product.logs().fetch(site.reading(), address, segment, temp.resolve("back"));
        assertThat(temp.resolve("back")).hasSameBinaryContentAs(file);
        Site.failure(
                ErrorCode.LOG_FILE_ABSENT,
                () -> site.product.logs().fetch(site.reading(), address, "00000009.history", temp.resolve("none")));
        Site.failure(
                ErrorCode.LOG_FILE_ABSENT,
                () -> site.product.logs().fetch(site.reading(), address, "nonsense", temp.resolve("none")));
        Site.failure(ErrorCode.USAGE, () -> site.product.logs().push(site.writing(), address, temp.resolve("back")));
        Path history = Files.writeString(temp.resolve("00000003.history"), "1\t0/3000000\tno target\n");
        site.product.logs().push(site.writing(), address, history);
        assertThat(site.product.logs().check(site.reading(), address).files()).isEqualTo(2);
    }

    @Test
    void aSegmentWithAnotherNameAndOneWhoseHistoryIsNotThereAreRefused() throws IOException {
        write(1);
        String segment = database.ask("SELECT pg_walfile_name(pg_switch_wal())");
        Path file = database.data().resolve("pg_wal").resolve(segment);
        Path renamed = Files.copy(file, temp.resolve("0000000100000077000000AA"));
        Path orphan = Files.copy(file, temp.resolve("00000002" + segment.substring(8)));
        Path empty = Files.writeString(temp.resolve("000000010000000000000001"), "no segment");

        Site.failure(ErrorCode.APPLICATION_FAILED, () -> site.product.logs().push(site.writing(), address, renamed));
        Site.failure(ErrorCode.SOURCE_UNREADABLE, () -> site.product.logs().push(site.writing(), address, orphan));
        Site.failure(ErrorCode.APPLICATION_FAILED, () -> site.product.logs().push(site.writing(), address, empty));
        assertThat(points()).isEmpty();
    }

    @Test
    void whatCannotBeReachedIsRefusedAndTheTargetStaysEmpty() {
        site.product.applications().backup(site.writing(), address);
        Path target = temp.resolve("target");
        var order = new RecoveryOrder(Optional.empty(), target, new RecoveryTarget.AtPosition("77/0"), "", Map.of());

        Site.failure(
                ErrorCode.RECOVERY_TARGET_UNREACHABLE,
                () -> site.product.applications().restore(site.reading(), address, order, running -> {}));

        assertThat(target).doesNotExist();
        assertThat(RecoveryOrder.newestBackup(target).until()).isEqualTo(new RecoveryTarget.BackupEnd());
    }
}
