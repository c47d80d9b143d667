package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.service.FreezingBackup.until;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.Actor;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.testkit.Evidence;

/** Real backups that hold the commits of a real MariaDB, with watchdog and journal, killed and suspended in the middle. */
@Timeout(900)
class MariadbFreezeKillerTest {

    private static final Duration LONGEST = Duration.ofSeconds(12);
    private static final Duration LONG_MARK = Duration.ofSeconds(60);

    private static MariadbDatabase server;
    private static Thread writer;
    private static volatile boolean over;
    private static final AtomicLong COMMITTED = new AtomicLong();

    @TempDir
    Path temp;

    private final List<FreezingBackup> backups = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = new MariadbDatabase();
        server.sql("CREATE DATABASE ward", "CREATE TABLE ward.note (id BIGINT AUTO_INCREMENT PRIMARY KEY, text INT)");
        writer = Thread.ofPlatform()
                .start(() -> server.repeat("INSERT INTO ward.note (text) VALUES (1)", () -> {
                    COMMITTED.incrementAndGet();
                    TimeSource.system().sleep(Duration.ofMillis(5));
                    return !over;
                }));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        over = true;
        writer.join();
        server.close();
    }

    @AfterEach
    void kill() {
        backups.forEach(FreezingBackup::close);
    }

    private FreezingBackup frozen(Path state, Duration mark, Duration ttl) throws IOException {
        FreezingBackup backup = FreezingBackup.start(state, server.address(), mark, ttl);
        backups.add(backup);
        assertThat(backup.go().said()).isEqualTo("frozen");
        return backup;
    }

    private Path state() {
        return temp.resolve("state");
    }

    /** Until a writer that has waited has committed, and another commit after that. */
    private static Duration untilCommitsFlow() {
        long begun = System.nanoTime();
        long committed = COMMITTED.get();
        until(() -> COMMITTED.get() > committed + 2);
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static boolean commitsWait() {
        TimeSource.system().sleep(Duration.ofMillis(100));
        long committed = COMMITTED.get();
        TimeSource.system().sleep(Duration.ofMillis(200));
        return COMMITTED.get() == committed;
    }

    private static boolean isHeld() {
        return server.ask("SELECT IS_USED_LOCK('medbackup') IS NOT NULL", 1).equals("1");
    }

    @Test
    void whenABackupThatHoldsTheCommitsIsKilledTheyFlowAgainAndTheJournalEmpties() throws Exception {
        long started = System.nanoTime();
        int rounds = Evidence.rounds(2, 100);
        var random = SeededRandom.of(7);
        Duration longest = Duration.ZERO;
        for (int round = 0; round < rounds; round++) {
            FreezingBackup backup = frozen(state(), LONG_MARK, FreezingBackup.USUAL);
            if (round == 0) {
                assertThat(commitsWait()).isTrue();
            }
            assertThat(FreezingBackup.entries(state())).isEqualTo(1);
            TimeSource.system().sleep(Duration.ofMillis(random.below(60)));

            backup.signal("KILL");

            Duration held = untilCommitsFlow();
            assertThat(held).isLessThan(LONGEST);
            longest = held.compareTo(longest) > 0 ? held : longest;
            until(() -> FreezingBackup.entries(state()) == 0);
        }
        assertThat(isHeld()).isFalse();
        var counts = new TreeMap<String, Long>();
        counts.put("rounds", (long) rounds);
        counts.put("longest milliseconds until commits flowed", longest.toMillis());
        Evidence.keep("freeze", "killed-mariadb-backups", started, counts);
    }

    /** Its connection stays, so the server sees nothing: the watchdog alone lets the commits go. */
    @Test
    void whenABackupThatHoldsTheCommitsIsSuspendedTheWatchdogLetsThemGo() throws Exception {
        Duration ttl = Evidence.isLong() ? FreezingBackup.USUAL : Duration.ofSeconds(3);
        FreezingBackup backup = frozen(state(), Duration.ofSeconds(1), ttl);
        backup.signal("STOP");

        assertThat(commitsWait()).isTrue();
        assertThat(untilCommitsFlow()).isLessThan(ttl.plusSeconds(2));
        backup.signal("CONT");

        assertThat(backup.ending()).isEqualTo("failed FREEZE_LOST by watchdog");
        until(() -> FreezingBackup.entries(state()) == 0);
        assertThat(isHeld()).isFalse();
    }

    @Test
    void theNextStartReplaysTheJournalAndLeavesABackupOfAnotherMachineAlone() throws Exception {
        FreezingBackup dead = frozen(state(), LONG_MARK, FreezingBackup.USUAL);
        FreezingBackup.signal("KILL", dead.watchdog());
        dead.signal("KILL");
        dead.process().waitFor();
        untilCommitsFlow();
        assertThat(FreezingBackup.entries(state())).isEqualTo(1);
        until(() -> !isHeld());
        FreezingBackup other = frozen(temp.resolve("other"), Duration.ofSeconds(2), FreezingBackup.USUAL);
        URI address = URI.create(server.address());
        Path file = Files.writeString(temp.resolve("medbackup.yaml"), """
            applications:
              ward: {url: "mariadb://backup@127.0.0.1:%d/", options: {mode: stage}, secrets: {password: "env:WARD"}}
            """.formatted(address.getPort()));
        Map<String, String> environment = Map.of("WARD", MariadbDatabase.PASSWORD);
        Settings settings = Settings.of(state(), new Actor("test", "localhost", null, null));

        MedBackup.open(settings.with(MedBackup.configurationFile(environment).load(file), environment))
                .close();

        assertThat(FreezingBackup.entries(state())).isZero();
        assertThat(other.ending()).isEqualTo("succeeded");
    }
}
