package org.medbackup.app.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.app.mariadb.binlog.BinlogName;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.ApplicationLog.Gap;
import org.medbackup.core.spi.app.ApplicationLog.Lag;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.LogArchive.LogEntry;
import org.medbackup.core.spi.app.LogArchive.LogFile;
import org.medbackup.testkit.FolderArchive;

/** Receives the binary log of a real server as it writes it. */
@Timeout(240)
class BinlogReceivingTest {

    private static TestServer server;

    @TempDir
    Path temp;

    @BeforeAll
    static void start() {
        server = TestServer.start("--log-bin=clinic-bin");
        server.sql("CREATE DATABASE clinic", "CREATE TABLE clinic.visit (id INT PRIMARY KEY)");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private FolderArchive archive() {
        return new FolderArchive(temp.resolve("archive"));
    }

    private static ApplicationLog log() {
        return new MariadbProvider().log(server.in("stream"), TestServer.OUTSIDE);
    }

    private static String position() {
        try (var connection = server.connect();
                var row = connection.createStatement().executeQuery("SHOW MASTER STATUS")) {
            row.next();
            return row.getString(1) + ":" + row.getLong(2);
        } catch (java.sql.SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private Lag receive() {
        return receive(position(), new ArrayList<>());
    }

    private Lag receive(String end, List<Lag> told) {
        var reception = new Reception("unused", 2, Duration.ofMinutes(5), end, Duration.ofSeconds(60));
        try (ApplicationLog log = log()) {
            return log.receive(archive(), temp.resolve("spool"), reception, told::add);
        }
    }

    private static int visit = 1;

    private static void visits(int count) {
        List<String> statements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            statements.add("INSERT INTO clinic.visit VALUES (" + visit++ + ")");
        }
        server.sql(statements.toArray(String[]::new));
    }

    private List<Gap> gaps() {
        try (ApplicationLog log = log()) {
            return log.gaps(archive().entries());
        }
    }

    private List<String> files() {
        return archive().names().stream()
                .map(each -> Objects.requireNonNull(BinlogName.parse(each)))
                .filter(each -> !each.isPart())
                .map(BinlogName::file)
                .sorted()
                .toList();
    }

    @Test
    void whatTheServerWritesIsReceivedWithoutAGapAndEachFileIsTheServersOwn() throws IOException {
        visits(3);
        server.sql("FLUSH BINARY LOGS");
        visits(20);
        server.sql("FLUSH BINARY LOGS", "FLUSH BINARY LOGS");
        visits(2);
        String end = position();

        Lag lag = receive(end, new ArrayList<>());

        assertThat(gaps()).isEmpty();
        // The server adds a few bytes of its own at any time.
        assertThat(BinlogPosition.parse(lag.received()).reaches(BinlogPosition.parse(end)))
                .isTrue();
        assertThat(lag.stored()).isEqualTo(lag.received());
        assertThat(lag.bytes()).isLessThan(200).isEqualTo(lag.retained());
        List<String> all = server.ask("SHOW BINARY LOGS");
        assertThat(files()).containsExactlyElementsOf(all.subList(0, all.size() - 1));
        for (String name : archive().names()) {
            BinlogName parsed = Objects.requireNonNull(BinlogName.parse(name));
            if (!parsed.isPart()) {
                assertThat(archive().file(name))
                        .hasSameBinaryContentAs(server.data().resolve(parsed.file()));
            }
        }
        assertThat(Files.getPosixFilePermissions(temp.resolve("spool"))).hasSize(3);
        assertThat(temp.resolve("spool")).isDirectoryNotContaining("glob:**.{cnf,partial}");
        // What is there is left alone, also by a receiver that knows nothing of the first.
        TestServer.run("rm", "-rf", temp.resolve("spool").toString());
        visits(1);
        receive();
        assertThat(gaps()).isEmpty();
    }

    @Test
    void aReceiverThatIsKilledGoesOnWithoutAGap() throws IOException, InterruptedException {
        Process child = BinlogReceiverChild.start(server.address(), temp.resolve("archive"), temp.resolve("spool"));
        try (var said = child.inputReader()) {
            assertThat(said.readLine()).contains("clinic-bin.");
            visits(5);
            server.sql("FLUSH BINARY LOGS");
            visits(5);
            assertThat(said.readLine()).contains("clinic-bin.");
        } finally {
            child.destroyForcibly().waitFor();
        }
        visits(5);
        server.sql("FLUSH BINARY LOGS");
        visits(5);

        Lag lag = receive();

        assertThat(lag.received()).isEqualTo(lag.stored());
        assertThat(gaps()).isEmpty();
        List<String> all = server.ask("SHOW BINARY LOGS");
        assertThat(files()).containsExactlyElementsOf(all.subList(0, all.size() - 1));
    }

    @Test
    void aServerThatIsStartedAgainIsFollowed() throws InterruptedException {
        List<Lag> told = java.util.Collections.synchronizedList(new ArrayList<>());
        var reception = new Reception("unused", 1, Duration.ofMinutes(5), "", Duration.ofMinutes(2));
        Thread receiver = Thread.ofPlatform().start(() -> {
            try (ApplicationLog log = log()) {
                log.receive(archive(), temp.resolve("spool"), reception, told::add);
            }
        });
        visits(3);
        TestServer.until(() -> !told.isEmpty());
        server.restart();
        visits(3);
        server.crash();
        visits(3);
        String end = position();
        TestServer.until(() -> BinlogPosition.parse(told.getLast().received()).reaches(BinlogPosition.parse(end)));
        receiver.interrupt();
        receiver.join();

        assertThat(gaps()).isEmpty();
        List<String> all = server.ask("SHOW BINARY LOGS");
        assertThat(files()).containsExactlyElementsOf(all.subList(0, all.size() - 1));
    }

    @Test
    void aFileThatACrashLeftWithHalfAnEventIsPassedWhenNoTransactionIsMissing() throws IOException {
        visits(2);
        String torn = server.ask("SHOW MASTER STATUS").getFirst();
        server.sql("FLUSH BINARY LOGS");
        visits(2);
        Files.write(server.data().resolve(torn), new byte[25], java.nio.file.StandardOpenOption.APPEND);

        receive();

        assertThat(archive().names()).anyMatch(each -> each.contains(torn + ".") && each.endsWith(".partial"));
        assertThat(gaps()).isEmpty();
        String here = server.ask("SHOW MASTER STATUS").getFirst();
        TestServer.until(() -> {
            server.sql("PURGE BINARY LOGS TO '" + here + "'");
            return server.ask("SHOW BINARY LOGS").getFirst().equals(here);
        });
    }

    @Test
    void whatTheServerRemovedBeforeItWasReceivedIsNamedAsAGap() {
        visits(2);
        receive();
        String last = server.ask("SHOW MASTER STATUS").getFirst();
        server.sql("FLUSH BINARY LOGS");
        visits(2);
        String lost = server.ask("SHOW MASTER STATUS").getFirst();
        server.sql("FLUSH BINARY LOGS");
        visits(2);
        String here = server.ask("SHOW MASTER STATUS").getFirst();
        // It keeps a file until its own recovery does not need it any more.
        TestServer.until(() -> {
            server.sql("PURGE BINARY LOGS TO '" + here + "'");
            return server.ask("SHOW BINARY LOGS").getFirst().equals(here);
        });

        receive();

        assertThat(gaps()).singleElement().satisfies(gap -> {
            // All transactions of the file before are there, as a part; the next one is missing.
            assertThat(gap.from()).isEqualTo(lost);
            assertThat(gap.to()).isEqualTo(lost);
            assertThat(gap.from()).isGreaterThan(last);
        });
    }

    @Test
    void aLogThatBeginsAnewIsToldApartFromOneThatGoesOn() throws InterruptedException {
        visits(2);
        receive();
        List<String> before = archive().names();
        // Files are told apart by the second in which they were begun.
        Thread.sleep(1_100);
        server.sql("RESET MASTER");
        visits(1);

        receive();

        assertThat(archive().names()).containsAll(before).hasSizeGreaterThan(before.size());
        assertThat(gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.to()).isEqualTo("clinic-bin.000001");
            assertThat(gap.why()).contains("RESET MASTER");
        });
    }

    @Test
    void aLogThatBeginsAnewWhileItIsReceivedLosesNothingThatWasThere() throws InterruptedException {
        List<Lag> told = java.util.Collections.synchronizedList(new ArrayList<>());
        var reception = new Reception("unused", 1, Duration.ofMinutes(5), "", Duration.ofMinutes(2));
        Thread receiver = Thread.ofPlatform().start(() -> {
            try (ApplicationLog log = log()) {
                log.receive(archive(), temp.resolve("spool"), reception, told::add);
            }
        });
        visits(2);
        BinlogPosition before = BinlogPosition.parse(position());
        TestServer.until(() -> !told.isEmpty()
                && BinlogPosition.parse(told.getLast().received()).reaches(before));
        Thread.sleep(1_100);
        // The new file has the old one's name, or one that was there before; it may be shorter or longer.
        server.sql("RESET MASTER");
        visits(60);
        String end = position();
        TestServer.until(() -> told.getLast().received().equals(end));
        receiver.interrupt();
        receiver.join();

        assertThat(gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.from()).isEqualTo(before.file());
            assertThat(gap.to()).isEqualTo("clinic-bin.000001");
        });
        assertThat(archive().names()).anyMatch(each -> each.contains(before.file() + ".") && each.endsWith(".partial"));
    }

    @Test
    void anArchiveThatDoesNotAnswerIsAskedAgainAndOneThatRefusesEndsTheReceiver() {
        visits(1);
        server.sql("FLUSH BINARY LOGS");
        var once = new java.util.concurrent.atomic.AtomicInteger();
        FolderArchive real = archive();
        var reception = new Reception("unused", 1, Duration.ofMillis(1), position(), Duration.ofMinutes(1));
        try (ApplicationLog log = log()) {
            Lag lag = log.receive(
                    new Reluctant(
                            real,
                            () -> once.getAndIncrement() == 0 ? ErrorCode.STORE_UNAVAILABLE.because("test") : null),
                    temp.resolve("spool"),
                    reception,
                    told -> {});
            assertThat(lag.received()).isNotEmpty();
        }
        // What could not be stored in time waits for the next call.
        receive();
        assertThat(gaps()).isEmpty();
        assertThat(once.get()).isPositive();
        visits(1);
        server.sql("FLUSH BINARY LOGS");
        try (ApplicationLog log = log()) {
            assertThatThrownBy(() -> log.receive(
                            new Reluctant(real, () -> ErrorCode.APPLICATION_LOG_CONFLICT.because("test")),
                            temp.resolve("spool"),
                            new Reception("unused", 1, Duration.ofMillis(1), "", Duration.ofMinutes(1)),
                            told -> {}))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.APPLICATION_LOG_CONFLICT));
        }
    }

    /** An archive that may fail before it stores. */
    private record Reluctant(FolderArchive archive, java.util.function.Supplier<@Nullable BackupException> failure)
            implements org.medbackup.core.spi.app.LogArchive {

        @Override
        public void store(List<LogFile> files) {
            BackupException now = failure.get();
            if (now != null) {
                throw now;
            }
            archive.store(files);
        }

        @Override
        public List<LogEntry> entries() {
            return archive.entries();
        }

        @Override
        public boolean fetch(String name, Path destination) {
            return archive.fetch(name, destination);
        }
    }

    @Test
    void aFileIsHandedOverWhenItsServerHasClosedItOnly() throws IOException {
        server.sql("FLUSH BINARY LOGS");
        List<String> all = server.ask("SHOW BINARY LOGS");
        Path closed = server.data().resolve(all.get(all.size() - 2));
        Path open = server.data().resolve(all.getLast());
        receive();
        List<String> received = archive().names();
        try (ApplicationLog log = log()) {
            LogFile file = log.handedOver(closed, TestServer.soon());
            assertThat(received).contains(file.name());
            archive().store(List.of(file));
            assertThat(archive().names()).isEqualTo(received);

            assertThatThrownBy(() -> log.handedOver(open, TestServer.soon())).hasMessageContaining("writes this file");
            Path other = Files.writeString(temp.resolve("clinic-bin.000001"), "no log");
            assertThatThrownBy(() -> log.handedOver(other, TestServer.soon()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE));
            Path named = Files.copy(closed, temp.resolve("letter.txt"), StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(() -> log.handedOver(named, TestServer.soon())).hasMessageContaining("none of a binary");

            Path nowhere = temp.resolve("fetched");
            assertThat(log.find(
                            closed.getFileName().toString(), nowhere, archive().entries()))
                    .isEqualTo(file.name());
            assertThat(log.find(file.name(), nowhere, archive().entries())).isEqualTo(file.name());
            assertThat(log.find("clinic-bin.999999", nowhere, archive().entries()))
                    .isNull();
            assertThat(log.address()).isEqualTo("mariadb://127.0.0.1:" + server.port());
        }
    }

    @Test
    void whatCannotBeReceivedIsRefusedWithAReason() {
        try (var spool = new LogSpool(temp.resolve("spool"))) {
            spool.open();
            assertThatThrownBy(() -> receive("", new ArrayList<>())).hasMessageContaining("another process");
        }
        assertThatThrownBy(() -> receive("here", new ArrayList<>())).hasMessageContaining("no place in a binary log");

        server.sql("CREATE USER poor@'127.0.0.1'", "GRANT BINLOG MONITOR ON *.* TO poor@'127.0.0.1'");
        refused(server.address("poor", ""), ErrorCode.APPLICATION_NOT_READY);
        server.sql("REVOKE BINLOG MONITOR ON *.* FROM poor@'127.0.0.1'");
        refused(server.address("poor", ""), ErrorCode.APPLICATION_NOT_READY);
        refused(java.net.URI.create("mariadb://u:p@127.0.0.1:1/"), ErrorCode.APPLICATION_UNREACHABLE);
        try (TestServer silent = TestServer.start()) {
            refused(silent.address(), ErrorCode.APPLICATION_NOT_READY);
        }
    }

    private void refused(java.net.URI address, ErrorCode code) {
        try (ApplicationLog log =
                new MariadbProvider().log(org.medbackup.core.spi.app.Connection.to(address), TestServer.OUTSIDE)) {
            assertThatThrownBy(() -> log.receive(archive(), temp.resolve("spool"), Reception.USUAL, told -> {}))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(code));
        }
    }
}
