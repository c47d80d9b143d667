package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.Actor;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.FreezableServer;

/** Real processes, really killed and suspended while an application is frozen: its writers always go on. */
@Timeout(900)
class FreezeKillerTest {

    private static final int ROUNDS = Evidence.rounds(6, 100);
    private static final Duration LONGEST = Duration.ofSeconds(12);

    @TempDir
    Path temp;

    private FreezableServer server;
    private final List<FreezingBackup> backups = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = new FreezableServer(temp.resolve("data"));
    }

    @AfterEach
    void stop() {
        backups.forEach(FreezingBackup::close);
        server.close();
    }

    private FreezingBackup backUp(long markMillis) throws IOException {
        var backup =
                FreezingBackup.start(state(), server.address(), Duration.ofMillis(markMillis), FreezingBackup.USUAL);
        backups.add(backup);
        return backup;
    }

    private Path state() {
        return temp.resolve("state");
    }

    private long entries() {
        return FreezingBackup.entries(state());
    }

    private void writersGoOn() {
        FreezingBackup.until(() -> !server.isFrozen());
        long writes = server.writes();
        FreezingBackup.until(() -> server.writes() > writes);
        assertThat(server.longestFreeze()).isLessThan(LONGEST);
    }

    @Test
    void whenTheBackupIsKilledBetweenFreezeAndThawTheWatchdogThaws() throws Exception {
        long started = System.nanoTime();
        var random = SeededRandom.of(5);
        for (int round = 0; round < ROUNDS; round++) {
            FreezingBackup backup = backUp(60_000).go();
            FreezingBackup.until(server::isFrozen);
            TimeSource.system().sleep(Duration.ofMillis(random.below(60)));
            backup.signal("KILL");
            writersGoOn();
            FreezingBackup.until(() -> entries() == 0);
        }
        var counts = new TreeMap<String, Long>();
        counts.put("rounds", (long) ROUNDS);
        counts.put("longest freeze in milliseconds", server.longestFreeze().toMillis());
        Evidence.keep("freeze", "killed-backups", started, counts);
    }

    @Test
    void whenTheBackupIsSuspendedTheWatchdogThawsAndTheBackupFailsWhenItWakes() throws Exception {
        FreezingBackup backup = backUp(2_000).go();
        FreezingBackup.until(server::isFrozen);
        backup.signal("STOP");

        writersGoOn();
        backup.signal("CONT");

        assertThat(backup.ending()).isEqualTo("failed FREEZE_LOST by watchdog");
        assertThat(server.isFrozen()).isFalse();
        FreezingBackup.until(() -> entries() == 0);
    }

    @Test
    void aThawThatFailsTwiceIsTriedAgainByTheWatchdog() throws Exception {
        FreezingBackup backup = backUp(60_000).go();
        FreezingBackup.until(server::isFrozen);
        server.failThaws(2);
        backup.signal("KILL");

        writersGoOn();
        FreezingBackup.until(() -> entries() == 0);
    }

    @Test
    void aConnectionThatIsLostWhileFrozenIsMadeAgain() throws Exception {
        FreezingBackup backup = backUp(500).go();
        FreezingBackup.until(server::isFrozen);
        server.dropConnections(true);
        TimeSource.system().sleep(Duration.ofMillis(700));
        server.dropConnections(false);

        writersGoOn();
        assertThat(backup.ending()).isNotNull();
        FreezingBackup.until(() -> entries() == 0);
    }

    @Test
    void whenBackupAndWatchdogAreKilledTheNextStartOfTheProductThaws() throws Exception {
        FreezingBackup backup = backUp(60_000).go();
        FreezingBackup.until(server::isFrozen);
        FreezingBackup.signal("KILL", backup.watchdog());
        backup.signal("KILL");
        backup.process().waitFor();
        assertThat(entries()).isEqualTo(1);

        MedBackup.open(Settings.of(state(), new Actor("test", "localhost", null, null)))
                .close();

        assertThat(server.isFrozen()).isFalse();
        assertThat(entries()).isZero();
    }

    @Test
    void theNextStartThawsWithTheSecretsOfTheConfiguration() throws Exception {
        FreezingBackup backup = backUp(60_000).go();
        FreezingBackup.until(server::isFrozen);
        FreezingBackup.signal("KILL", backup.watchdog());
        backup.signal("KILL");
        backup.process().waitFor();
        server.require("canary-thaw");
        Path file = Files.writeString(temp.resolve("medbackup.yaml"), """
            applications:
              ward: {url: "%s", secrets: {password: "env:WARD"}}
            """.formatted(server.address()));
        Settings without = Settings.of(state(), new Actor("test", "localhost", null, null));
        Map<String, String> environment = Map.of("WARD", "canary-thaw");

        MedBackup.open(without).close();
        assertThat(entries()).isEqualTo(1);
        MedBackup.open(without.with(MedBackup.configurationFile(environment).load(file), environment))
                .close();

        assertThat(server.isFrozen()).isFalse();
        assertThat(entries()).isZero();
    }

    @Test
    void whereTheWatchdogWasKilledBeforeNothingIsFrozen() throws Exception {
        FreezingBackup backup = backUp(0);
        FreezingBackup.signal("KILL", backup.watchdog());
        FreezingBackup.until(() -> ProcessHandle.of(backup.watchdog())
                .map(ProcessHandle::isAlive)
                .orElse(false)
                .equals(false));

        assertThat(backup.go().ending()).isEqualTo("failed WATCHDOG_UNAVAILABLE");
        assertThat(server.longestFreeze()).isZero();
        assertThat(server.isFrozen()).isFalse();
    }

    @Test
    void aBackupThatNothingDisturbsSucceedsAndLeavesNoWatchdog() throws Exception {
        FreezingBackup backup = backUp(10).go();

        assertThat(backup.ending()).isEqualTo("succeeded");
        FreezingBackup.until(() -> ProcessHandle.of(backup.watchdog()).isEmpty());
        assertThat(entries()).isZero();
    }
}
