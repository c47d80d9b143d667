package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationLog.Lag;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.RecoveryTarget;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.postgres.PostgresInstallation;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.PostgresTools;

/**
 * The whole way of a database: while eight clients of pgbench work, a full backup, three incremental ones and the stream of
 * the log go into one repository; then the server is recovered to random points in between. Each must start, be whole, have
 * four equal sums, and hold exactly what the log says was committed.
 */
@Timeout(3600)
class RecoveryUnderLoadTest {

    private static final int CLIENTS = 8;
    private static final int SCALE = Evidence.rounds(1, 10);
    private static final int RATE = Evidence.rounds(300, 0);
    private static final int RECOVERIES = Evidence.rounds(2, 20);
    private static final int ELSEWHERE = Evidence.rounds(1, 20);
    private static final Duration BETWEEN = Duration.ofMillis(Evidence.rounds(500, 12_000));
    private static final Duration MOST_ADDED = Duration.ofSeconds(30);
    private static final String SLOT = "underload";

    @TempDir
    Path temp;

    static List<Named<Function<Path, PostgresInstallation>>> installations() {
        return List.of(
                Named.of("18", RecoveryUnderLoadTest::withTools),
                Named.of("installed", RecoveryUnderLoadTest::installed));
    }

    private static PostgresInstallation withTools(Path folder) {
        Optional<Path> archive = PostgresTools.archive();
        return archive.isPresent()
                ? PostgresInstallation.at(PostgresTools.unpack(archive.orElseThrow(), folder), Processes.system())
                : Database.bundled(folder);
    }

    private static PostgresInstallation installed(Path folder) {
        return PostgresInstallation.installed(Processes.system()).stream()
                .findFirst()
                .orElseGet(() -> Database.bundled(folder));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("installations")
    void everyPointInTimeIsWholeAndHoldsWhatWasCommitted(Function<Path, PostgresInstallation> installation)
            throws Exception {
        long began = System.nanoTime();
        try (var database = new Database(installation, Evidence.rounds(1, 16), Map.of("wal_keep_size", "8GB"));
                var site = new Site(temp, Site.settings(temp.resolve("state"), TimeSource.system()))) {
            int major = database.installation().major();
            var run = new Run(database, site.initialised(), major);
            run.run();
            Evidence.keep("recovery-under-load", "postgresql-" + major, began, new TreeMap<>(run.counts));
        }
    }

    /** One server, one repository, and what was counted. */
    private static final class Run {

        private final Database database;
        private final Site site;
        private final int major;
        private final List<ApplicationBackup> backups = new ArrayList<>();
        private final Map<String, Long> counts = new TreeMap<>();

        Run(Database database, Site site, int major) {
            this.database = database;
            this.site = site;
            this.major = major;
        }

        void run() throws Exception {
            if (major >= 17) {
                database.ask("ALTER SYSTEM SET summarize_wal = on");
            }
            // Stands in the restored servers too, and makes them as quick.
            database.ask("ALTER SYSTEM SET fsync = off");
            database.ask("SELECT pg_reload_conf()");
            Pgbench.init(database, SCALE);
            CommitLog.prepare(database);
            String first = position();

            Span span = underLoad();
            CommitLog log = CommitLog.read(database, first, position());

            counts.put("transactions", log.committed());
            assertThat(log.committed()).isGreaterThan(100);
            backupsCostLittle();
            pagesComeFromWhereTheyChanged();
            recover(span, log, major >= 17 ? RECOVERIES : ELSEWHERE);
        }

        private String position() {
            return database.ask("SELECT pg_current_wal_lsn()");
        }

        /** Between what the points lie: from the end of the first backup to the end of the load. */
        private record Span(long from, long to, Instant earliest, Instant latest) {}

        private Span underLoad() throws Exception {
            var reception = new FutureTask<Lag>(() -> site.product
                    .logs()
                    .receive(
                            site.writing(),
                            database.address(),
                            new Reception(SLOT, 8, Duration.ofMinutes(5), "", null),
                            lag -> {}));
            Thread receiver = Thread.ofPlatform().start(reception);
            long from;
            Instant earliest;
            try (Pgbench load = Pgbench.run(database, CLIENTS, RATE)) {
                pause();
                back();
                from = Lsn.of(backups.getFirst().position());
                earliest = now();
                for (int i = 0; i < 3; i++) {
                    pause();
                    back();
                }
                pause();
                assertThat(load.isRunning()).isTrue();
                seconds(load.perSecond());
            }
            Span span = new Span(from, Lsn.of(position()), earliest, now());
            // A recovery to a time ends at the first commit after it.
            TimeSource.system().sleep(Duration.ofMillis(10));
            database.ask("CREATE TABLE after_the_load ()");
            receiver.interrupt();
            receiver.join();
            assertThat(reception.get().received()).isNotBlank();
            site.product
                    .logs()
                    .receive(
                            site.writing(),
                            database.address(),
                            new Reception(SLOT, 8, Duration.ofMinutes(5), position(), Duration.ofSeconds(60)),
                            lag -> {});
            return span;
        }

        /** How deep the clients' work fell in the worst second, beside a usual one. */
        private void seconds(List<Long> transactions) {
            assertThat(transactions).isNotEmpty();
            List<Long> sorted = transactions.stream().sorted().toList();
            counts.put("transactionsInTheWorstSecond", sorted.getFirst());
            counts.put("transactionsInAUsualSecond", sorted.get(sorted.size() / 2));
        }

        private static void pause() {
            TimeSource.system().sleep(BETWEEN);
        }

        private Instant now() {
            return Instant.parse(database.ask(
                    "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
        }

        private void back() {
            backups.add(site.product.applications().backup(site.writing(), database.address()));
        }

        private void backupsCostLittle() {
            long dirty = 0;
            Duration added = Duration.ZERO;
            for (ApplicationBackup each : backups) {
                assertThat(each.state()).isEqualTo("SUCCEEDED");
                assertThat(each.frozen()).isZero();
                assertThat(each.added()).isPositive().isLessThan(MOST_ADDED);
                dirty = Math.max(dirty, Objects.requireNonNull(each.dirtyBuffers()));
                added = added.compareTo(each.added()) > 0 ? added : each.added();
            }
            assertThat(dirty).isPositive();
            counts.put("backups", (long) backups.size());
            counts.put("longestFreezeMilliseconds", 0L);
            counts.put("mostAddedMilliseconds", added.toMillis());
            counts.put("mostDirtyBuffers", dirty);
        }

        private void pagesComeFromWhereTheyChanged() {
            Map<String, Map<String, String>> evidence = new HashMap<>();
            site.product
                    .snapshots(site.reading(), "", Collections.emptySortedMap())
                    .forEach(each ->
                            evidence.put(each.snapshot().id(), each.snapshot().evidence()));
            for (int i = 0; i < backups.size(); i++) {
                ApplicationBackup each = backups.get(i);
                String mode = i > 0 && major >= 17 ? "summaries" : "compared";
                assertThat(evidence.get(each.backup().snapshot()))
                        .containsEntry("pages.mode", mode)
                        .containsKeys("dirty_buffers", "start_seconds", "stop_seconds");
                if (i > 0) {
                    assertThat(each.backup().parent())
                            .isEqualTo(backups.get(i - 1).backup().snapshot());
                }
            }
        }

        private void recover(Span span, CommitLog log, int recoveries) throws IOException {
            var random = SeededRandom.of(4711);
            String checked = database.installation().tool("pg_amcheck").isPresent() ? "pg_amcheck" : "amcheck";
            for (int i = 0; i < recoveries; i++) {
                Path target = Files.createTempDirectory(database.folder, "restored-");
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx--x--x"));
                RecoveryTarget point;
                String end;
                if (i % 2 == 0) {
                    long lsn = random.between(span.from() + 1, span.to());
                    end = Lsn.text(lsn);
                    point = new RecoveryTarget.AtPosition(end);
                } else {
                    long micros = ChronoUnit.MICROS.between(span.earliest(), span.latest());
                    Instant time = span.earliest().plus(random.between(0, micros), ChronoUnit.MICROS);
                    end = log.endOf(time);
                    point = new RecoveryTarget.AtTime(time);
                }
                var order = new RecoveryOrder(Optional.empty(), target, point, "", Map.of());
                var books = new ArrayList<String>();
                ApplicationRestore restored = site.product
                        .applications()
                        .restore(site.reading(), database.address(), order, jdbc -> {
                            assertThat(CommitLog.sumsAreEqual(jdbc)).isTrue();
                            books.add(CommitLog.books(jdbc));
                        });

                assertThat(restored.checks())
                        .allMatch(Readiness::ok)
                        .extracting(Readiness::name)
                        .contains(checked);
                assertThat(restored.restore().isComplete()).isTrue();
                assertThat(books).as("%s", point).containsExactly(log.booksAt(end));
                for (String each : List.of("started", checked, "equalSums", "equalToTheReplay")) {
                    counts.merge(each, 1L, Long::sum);
                }
                remove(target);
            }
        }

        static void remove(Path folder) throws IOException {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** A position in the log: two numbers, of which the first counts 4 GiB. */
    private static final class Lsn {

        static long of(String text) {
            String[] parts = text.split("/");
            return Long.parseLong(parts[0], 16) << 32 | Long.parseLong(parts[1], 16);
        }

        static String text(long lsn) {
            return String.format(Locale.ROOT, "%X/%X", lsn >>> 32, lsn & 0xffff_ffffL);
        }
    }
}
