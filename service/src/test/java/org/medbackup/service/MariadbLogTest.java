package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationLog.Lag;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.RecoveryTarget;

/** The binary log of a real MariaDB server in a real repository. */
@Timeout(300)
class MariadbLogTest {

    @TempDir
    Path temp;

    @Test
    void aServerIsRecoveredToAPointBehindItsBackupAndBehindAGapNothingIsWritten() throws IOException {
        try (var database = new MariadbDatabase();
                var site = new Site(temp, Site.settings(temp.resolve("state"), TimeSource.system())).initialised()) {
            String address = database.address();
            database.sql("CREATE DATABASE clinic", "CREATE TABLE clinic.visit (id INT PRIMARY KEY AUTO_INCREMENT)");
            site.product.applications().backup(site.writing(), address);
            visits(database, 10);
            String ten = database.position();
            visits(database, 5);
            database.sql("FLUSH BINARY LOGS");
            visits(database, 1);

            Lag lag = receive(site, database);

            assertThat(lag.stored()).isEqualTo(lag.received()).startsWith("clinic-bin.");
            LogOperations.Check check = site.product.logs().check(site.reading(), address);
            assertThat(check.gaps()).isEmpty();
            assertThat(check.files()).isGreaterThan(1);
            assertThat(recovered(site, database, new RecoveryTarget.AtPosition(ten)))
                    .isEqualTo("10");
            assertThat(recovered(site, database, new RecoveryTarget.Newest())).isEqualTo("16");

            String lost = database.ask("SHOW MASTER STATUS", 1);
            database.sql("FLUSH BINARY LOGS");
            visits(database, 1);
            database.sql("FLUSH BINARY LOGS");
            purge(database, database.ask("SHOW MASTER STATUS", 1));
            receive(site, database);
            assertThat(site.product.logs().check(site.reading(), address).gaps())
                    .singleElement()
                    .satisfies(gap -> assertThat(gap.from()).isGreaterThan(lost));
            Path target = temp.resolve("target");
            var order = new RecoveryOrder(Optional.empty(), target, new RecoveryTarget.Newest(), "", Map.of());
            Site.failure(
                    ErrorCode.LOG_INCOMPLETE,
                    () -> site.product.applications().restore(site.reading(), address, order, running -> {}));
            assertThat(target).doesNotExist();
            assertThat(Site.everythingBelow(site.state())).doesNotContain(MariadbDatabase.PASSWORD);
        }
    }

    private static void visits(MariadbDatabase database, int count) {
        for (int i = 0; i < count; i++) {
            database.sql("INSERT INTO clinic.visit VALUES ()");
        }
    }

    /** The server keeps a file until its own recovery does not need it any more. */
    private static void purge(MariadbDatabase database, String here) {
        while (!database.ask("SHOW BINARY LOGS", 1).equals(here)) {
            database.sql("PURGE BINARY LOGS TO '" + here + "'");
        }
    }

    private static Lag receive(Site site, MariadbDatabase database) {
        var reception =
                new Reception("medbackup", 4, Duration.ofMinutes(5), database.position(), Duration.ofMinutes(1));
        return site.product.logs().receive(site.writing(), database.address(), reception, lag -> {});
    }

    private static String recovered(Site site, MariadbDatabase database, RecoveryTarget target) throws IOException {
        Path folder = Files.createTempDirectory(database.folder, "restored-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        var order = new RecoveryOrder(Optional.empty(), folder, target, "", Map.of());
        var counts = new ArrayList<String>();
        ApplicationRestore done = site.product
                .applications()
                .restore(
                        site.reading(),
                        database.address(),
                        order,
                        running -> counts.add(MariadbDatabase.ask(running, "SELECT COUNT(*) FROM clinic.visit", 1)));
        assertThat(done.isRight()).isTrue();
        return counts.getFirst();
    }
}
