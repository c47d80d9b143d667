package org.medbackup.scheduler.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

class MigrationsTest {

    @TempDir
    private Path folder;

    private final ManualTime time = new ManualTime(Instant.parse("2026-02-02T08:00:00Z"));

    private StateDatabase open(Store store) {
        return store.open("new", "one", time, new SeededEntropy(1));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream golden = Objects.requireNonNull(MigrationsTest.class.getResourceAsStream(name))) {
            return golden.readAllBytes();
        }
    }

    /** The database that version 1 wrote: a job with a good backup, one that is paused, one whose run is open. */
    private static void isUpgraded(StateDatabase state) {
        Instant good = Instant.parse("2026-02-01T02:00:00Z");
        assertThat(state.jobs()).extracting(JobRecord::name).containsExactly("ehr", "imaging", "laboratory");
        assertThat(state.jobs()).extracting(JobRecord::paused).containsExactly(false, true, false);
        assertThat(state.goodPoints()).containsExactly(new GoodPoint("ehr", "", good));
        assertThat(state.runs("ehr", 5)).singleElement().satisfies(run -> {
            assertThat(run.state()).isEqualTo(RunState.SUCCEEDED);
            assertThat(run.published()).isTrue();
            assertThat(run.ended()).isEqualTo(good.plus(Duration.ofMinutes(20)));
        });
        Lease lease = state.claim(Set.of("laboratory"), Duration.ofMinutes(1), good.plusSeconds(90))
                .orElseThrow();
        assertThat(lease.attempt()).isEqualTo(2);
        assertThat(lease.checkpoint()).containsExactly("page 7".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aDatabaseOfTheFirstVersionIsUpgradedWithAllThatIsInIt() throws IOException {
        Path file = folder.resolve("state.db");
        Files.write(file, resource("state-version-1.db"));

        try (StateDatabase state = open(new Store.Sqlite(file))) {
            isUpgraded(state);
        }
        try (StateDatabase again = open(new Store.Sqlite(file))) {
            assertThat(again.goodPoints()).hasSize(1);
        }
    }

    @Test
    void theSameHoldsForPostgres() throws IOException, SQLException {
        Store.Postgres store = TestDatabase.postgres();
        Dialect dialect = Dialect.of(store, time);
        try (Connection connection = dialect.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertThat(new Migrations(dialect, 1).upgrade(connection)).isZero();
            statement.execute(new String(resource("state-version-1.sql"), StandardCharsets.UTF_8));
            connection.commit();
        }

        try (StateDatabase state = open(store)) {
            isUpgraded(state);
        }
    }

    @Test
    void aDatabaseOfANewerVersionIsRefusedAndLeftAsItIs() throws IOException, SQLException {
        Path file = folder.resolve("state.db");
        open(new Store.Sqlite(file)).close();
        try (Connection connection = Dialect.of(new Store.Sqlite(file), time).connect();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO medbackup_schema VALUES (99, 0)");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> open(new Store.Sqlite(file))).isInstanceOfSatisfying(UsageException.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.STATE_DATABASE_NEWER);
            assertThat(failure.context()).containsEntry("found", "99").containsEntry("known", "4");
        });
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void twoWorkersThatBeginAtOnceMakeTheSchemaOnce() throws Exception {
        Store.Postgres store = TestDatabase.postgres();
        Callable<Boolean> begin = () -> {
            open(store).close();
            return true;
        };
        try (ExecutorService both = Executors.newFixedThreadPool(4)) {
            for (var each : both.invokeAll(List.of(begin, begin, begin, begin))) {
                assertThat(each.get()).isTrue();
            }
        }
    }
}
