package org.medbackup.app.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.ApplicationLog.Base;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.ApplicationRecovery.Log;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.LogArchive.LogEntry;
import org.medbackup.core.spi.app.LogReplay;
import org.medbackup.core.spi.app.RecoveryTarget;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.FolderArchive;

/**
 * Two backups and the binary log of a server to which several clients write; recoveries to points in time, each equal to
 * what the clients themselves have noted. Where the points lie is asked of the server and its tool, not of our reader.
 */
@Timeout(900)
class BinlogPointInTimeTest {

    private static final Pattern GTID = Pattern.compile("GTID \\d+-\\d+-(\\d+)");

    private static TestServer server;
    private static Path folder;

    private final SortedMap<Long, Bank.Transfer> transfers = new TreeMap<>();
    private final List<Base> bases = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start("--log-bin=clinic-bin", "--max-binlog-size=256K");
        Bank.open(server);
        folder = Files.createTempDirectory("medbackup-mariadb-points");
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterAll
    static void stop() {
        server.close();
        TestServer.run("rm", "-rf", folder.toString());
    }

    private static ApplicationLog log() {
        return new MariadbProvider().log(server.in("stream"), TestServer.OUTSIDE);
    }

    @Test
    void aRestoredServerIsEqualToTheCommitsBeforeTheTargetAndAGapIsNamed() throws Exception {
        var archive = new FolderArchive(folder.resolve("archive"));
        var received = new AtomicReference<>("");
        Thread receiver = Thread.ofPlatform().start(() -> {
            try (ApplicationLog log = log()) {
                var reception = new Reception("unused", 2, Duration.ofMinutes(5), "", null);
                log.receive(archive, folder.resolve("spool"), reception, lag -> received.set(lag.received()));
            }
        });
        load("first", Duration.ofMillis(2_300));
        server.sql("SET GLOBAL binlog_format = 'ROW'");
        load("second", Duration.ofMillis(600));
        server.sql("FLUSH BINARY LOGS", "CREATE TABLE bank.last (id INT)");
        BinlogPosition end =
                BinlogPosition.parse(server.ask("SHOW MASTER STATUS").getFirst() + ":" + second("SHOW MASTER STATUS"));
        TestServer.until(() -> !received.get().isEmpty()
                && BinlogPosition.parse(received.get()).reaches(end));
        receiver.interrupt();
        receiver.join();

        try (ApplicationLog log = log()) {
            assertThat(log.gaps(archive.entries())).isEmpty();
            recover(archive, log);
            newest(archive, log);
            faults(archive, log);
            gap(archive, log);
        }
    }

    private static String second(String query) throws SQLException {
        try (Connection connection = server.connect();
                var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getString(2);
        }
    }

    /** Several clients; a backup in the middle, and seconds of log behind it. */
    private void load(String name, Duration behind) throws InterruptedException {
        Path root = folder.resolve(name);
        Bank bank = Bank.busy(server, 3);
        try (bank) {
            BackupCase.Done done = BackupCase.back(server.application("stream"), new FolderSink(root));
            bases.add(new Base(name, Instant.now(), done.evidence()));
            Thread.sleep(behind);
        }
        transfers.putAll(bank.transfers());
    }

    /** A point, and how many of the transactions lie before it by their number. */
    private record Point(RecoveryTarget target, long last) {}

    private void recover(FolderArchive archive, ApplicationLog log) throws SQLException, IOException {
        long began = System.nanoTime();
        int count = Evidence.rounds(2, 20);
        var random = new Random(4711);
        for (int i = 0; i < count; i++) {
            Point point = switch (i % 3) {
                case 0 -> time(random);
                case 1 -> place(random);
                default -> transaction(random);
            };
            one(folder.resolve("point-" + i), archive, log, point);
        }
        var counts = new TreeMap<String, Long>();
        counts.put("points", (long) count);
        counts.put("equalToTheClientsNotes", (long) count);
        Evidence.keep("point-in-time", "mariadb", began, counts);
    }

    /** Behind the first backup. */
    private long any(Random random) {
        String gtid = Objects.requireNonNull(bases.getFirst().evidence().get("gtid"));
        long first = Long.parseLong(gtid.substring(gtid.lastIndexOf('-') + 1)) + 1;
        List<Long> behind = List.copyOf(transfers.tailMap(first).keySet());
        return behind.get(random.nextInt(behind.size()));
    }

    private Point transaction(Random random) {
        long number = any(random);
        return new Point(new RecoveryTarget.AtPosition("0-7-" + number), number);
    }

    /** Where the server says that a transaction begins. */
    private Point place(Random random) throws SQLException {
        long number = any(random);
        for (String file : server.ask("SHOW BINARY LOGS")) {
            try (Connection connection = server.connect();
                    var rows = connection.createStatement().executeQuery("SHOW BINLOG EVENTS IN '" + file + "'")) {
                while (rows.next()) {
                    Matcher gtid = GTID.matcher(rows.getString(6));
                    if (gtid.find() && Long.parseLong(gtid.group(1)) == number) {
                        return new Point(new RecoveryTarget.AtPosition(file + ":" + rows.getLong(2)), number - 1);
                    }
                }
            }
        }
        throw new AssertionError("the server does not know its transaction");
    }

    /** What the server's own tool prints before a time, of the server's own files. */
    private Point time(Random random) {
        Instant earliest = Instant.parse(
                        Objects.requireNonNull(bases.getFirst().evidence().get("consistent_at")))
                .plusSeconds(1);
        int seconds =
                (int) Math.max(1, Duration.between(earliest, Instant.now()).toSeconds() - 1);
        Instant time = Instant.ofEpochSecond(earliest.getEpochSecond() + random.nextInt(Math.min(seconds, 3)));
        Path printed = folder.resolve("printed.sql");
        List<String> words = new ArrayList<>(List.of(
                "mariadb-binlog",
                "--no-defaults",
                "--result-file=" + printed,
                "--stop-datetime="
                        + DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
                                .withZone(ZoneOffset.UTC)
                                .format(time)));
        server.ask("SHOW BINARY LOGS")
                .forEach(file -> words.add(server.data().resolve(file).toString()));
        assertThat(Processes.system().run(Command.of(words).with("TZ", "UTC")).succeeded())
                .isTrue();
        long last = 0;
        long open = 0;
        try {
            for (String line : Files.readAllLines(printed, java.nio.charset.StandardCharsets.ISO_8859_1)) {
                Matcher gtid = GTID.matcher(line);
                if (line.startsWith("#") && gtid.find()) {
                    open = Long.parseLong(gtid.group(1));
                } else if (line.startsWith("COMMIT")) {
                    last = open;
                }
            }
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
        assertThat(last).isPositive();
        return new Point(new RecoveryTarget.AtTime(time.plusMillis(random.nextInt(1000))), last);
    }

    private void one(Path target, FolderArchive archive, ApplicationLog log, Point point)
            throws SQLException, IOException {
        LogReplay replay = log.plan(bases, archive.entries(), point.target(), "");
        try (Recovered recovered = recovered(target, archive, replay, point.target());
                Connection connection = BackupCase.connect(recovered)) {
            assertThat(Bank.faults(connection)).isZero();
            assertThat(Bank.balances(connection)).isEqualTo(reference(point.last()));
            assertThat(recovered.reached().position()).startsWith("clinic-bin.");
            assertThat(recovered.verify(TestServer.soon())).isNotEmpty().allMatch(Readiness::ok);
            if (point.target() instanceof RecoveryTarget.AtTime at
                    && recovered.reached().time() != null) {
                assertThat(recovered.reached().time()).isBefore(at.time());
            }
        }
        assertThat(target.resolve("root")).isDirectoryNotContaining("glob:**medbackup-log*");
        TestServer.run("rm", "-rf", target.toString());
    }

    private List<String> reference(long last) {
        return Bank.balances(new TreeMap<>(transfers).headMap(last + 1).values());
    }

    private Recovered recovered(Path target, FolderArchive archive, LogReplay replay, RecoveryTarget until)
            throws IOException {
        Base base = bases.stream()
                .filter(each -> each.id().equals(replay.base()))
                .findFirst()
                .orElseThrow();
        Path root = target.resolve("root");
        boolean isPrepared = Files.exists(root);
        if (!isPrepared) {
            copy(target, replay.base());
        }
        // What was prepared and has run needs no preparation again.
        Map<String, String> evidence = new TreeMap<>(base.evidence());
        if (isPrepared) {
            evidence.put("mode", "stage");
        }
        Path scratch = Files.createTempDirectory(target, "scratch");
        var files = new RestoredFiles(root, evidence, scratch, until, new Log(archive, replay), Map.of());
        return new MariadbProvider().recovery(TestServer.OUTSIDE).start(files, TestServer.soon());
    }

    private static Path copy(Path target, String base) throws IOException {
        Files.createDirectories(target);
        TestServer.run(
                "cp",
                "-a",
                folder.resolve(base).toString(),
                target.resolve("root").toString());
        return target;
    }

    private void newest(FolderArchive archive, ApplicationLog log) throws SQLException, IOException {
        var target = new RecoveryTarget.Newest();
        LogReplay replay = log.plan(bases, archive.entries(), target, "");
        assertThat(replay.base()).isEqualTo("second");
        try (Recovered recovered = recovered(folder.resolve("newest"), archive, replay, target);
                Connection connection = BackupCase.connect(recovered)) {
            assertThat(Bank.faults(connection)).isZero();
            assertThat(Bank.balances(connection)).isEqualTo(reference(Long.MAX_VALUE - 1));
            assertThat(TestServer.ask(connection, "SHOW TABLES FROM bank")).contains("last");
        }
    }

    /** A log that is not whole, or does not fit, ends in a clear failure, and no server is left running. */
    private void faults(FolderArchive archive, ApplicationLog log) throws IOException {
        var target = new RecoveryTarget.Newest();
        LogReplay replay = log.plan(bases, archive.entries(), target, "");
        LogReplay.Part first = replay.parts().getFirst();
        byte[] original = Files.readAllBytes(archive.file(first.name()));

        Path place = folder.resolve("failing");

        var lost = new LogReplay.Part("gone", first.as());
        fails(place, archive, of(replay, lost), target, ErrorCode.LOG_INCOMPLETE);

        byte[] changed = original.clone();
        changed[changed.length - 40] ^= 1;
        Files.write(archive.file(first.name()), changed);
        fails(place, archive, replay, target, ErrorCode.OBJECT_DAMAGED);
        Files.write(archive.file(first.name()), original);

        fails(place, archive, of(replay, first, again(first)), target, ErrorCode.RESTORED_APPLICATION_INVALID);
    }

    private static LogReplay of(LogReplay replay, LogReplay.Part... parts) {
        return new LogReplay(replay.base(), replay.timeline(), List.of(parts));
    }

    /** The same file under another name: its transactions come twice. */
    private static LogReplay.Part again(LogReplay.Part part) {
        return new LogReplay.Part(part.name(), "clinic-bin.999999");
    }

    private void fails(Path place, FolderArchive archive, LogReplay replay, RecoveryTarget target, ErrorCode code) {
        assertThatThrownBy(() -> recovered(place, archive, replay, target))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failed -> assertThat(failed.code()).isEqualTo(code));
        assertThat(place.resolve("root")).isDirectoryNotContaining("glob:**medbackup-log*");
    }

    private void gap(FolderArchive archive, ApplicationLog log) {
        long last = transfers.lastKey();
        var target = new RecoveryTarget.AtPosition("0-7-" + last);
        List<Base> first = bases.subList(0, 1);
        LogReplay replay = log.plan(first, archive.entries(), target, "");
        assertThat(replay.parts()).hasSizeGreaterThan(2);
        LogReplay.Part lost = replay.parts().get(replay.parts().size() - 2);
        assertThat(archive.entries()).extracting(LogEntry::name).contains(lost.name());
        archive.remove(lost.name());

        assertThat(log.gaps(archive.entries()))
                .extracting(ApplicationLog.Gap::from)
                .containsExactly(lost.as());
        assertThatThrownBy(() -> log.plan(first, archive.entries(), target, ""))
                .hasMessageContaining(lost.as())
                .isInstanceOfSatisfying(
                        BackupException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LOG_INCOMPLETE));
        assertThat(new TreeSet<>(log.expendable(bases, archive.entries()))).doesNotContain(lost.name());
    }
}
