package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
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

    private static final int ROUNDS = Evidence.rounds(20, 100);
    private static final Duration LONGEST = Duration.ofSeconds(12);

    @TempDir
    Path temp;

    private FreezableServer server;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = new FreezableServer(temp.resolve("data"));
    }

    @AfterEach
    void stop() {
        processes.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
        server.close();
    }

    private record Backup(Process process, BufferedReader out, long watchdog) {

        Backup go() throws IOException {
            process.getOutputStream().write('.');
            process.getOutputStream().flush();
            return this;
        }

        String ending() throws Exception {
            String said = out.readLine();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return said;
        }
    }

    private Backup backUp(long markMillis) throws IOException {
        String modules = System.getProperty("jdk.module.path", "");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path") + (modules.isEmpty() ? "" : ":" + modules),
                        FreezingProcess.class.getName(),
                        temp.resolve("state").toString(),
                        server.address(),
                        Long.toString(markMillis))
                .redirectError(temp.resolve("errors").toFile())
                .start();
        processes.add(process);
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String said = out.readLine();
        assertThat(said)
                .as(Files.readString(temp.resolve("errors")))
                .isNotNull()
                .startsWith("watchdog ");
        return new Backup(process, out, Long.parseLong(said.substring("watchdog ".length())));
    }

    private static void until(BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            TimeSource.system().sleep(Duration.ofMillis(2));
        }
    }

    private static void signal(String name, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private long entries() {
        try (Stream<Path> files = Files.list(temp.resolve("state/freeze"))) {
            return files.count();
        } catch (IOException absent) {
            return 0;
        }
    }

    private void writersGoOn() {
        until(() -> !server.isFrozen());
        long writes = server.writes();
        until(() -> server.writes() > writes);
        assertThat(server.longestFreeze()).isLessThan(LONGEST);
    }

    @Test
    void whenTheBackupIsKilledBetweenFreezeAndThawTheWatchdogThaws() throws Exception {
        long started = System.nanoTime();
        var random = SeededRandom.of(5);
        for (int round = 0; round < ROUNDS; round++) {
            Backup backup = backUp(60_000).go();
            until(server::isFrozen);
            TimeSource.system().sleep(Duration.ofMillis(random.below(60)));
            signal("KILL", backup.process().pid());
            writersGoOn();
            until(() -> entries() == 0);
        }
        var counts = new TreeMap<String, Long>();
        counts.put("rounds", (long) ROUNDS);
        counts.put("longest freeze in milliseconds", server.longestFreeze().toMillis());
        Evidence.keep("freeze", "killed-backups", started, counts);
    }

    @Test
    void whenTheBackupIsSuspendedTheWatchdogThawsAndTheBackupFailsWhenItWakes() throws Exception {
        Backup backup = backUp(2_000).go();
        until(server::isFrozen);
        signal("STOP", backup.process().pid());

        writersGoOn();
        signal("CONT", backup.process().pid());

        assertThat(backup.ending()).isEqualTo("failed FREEZE_LOST");
        assertThat(server.isFrozen()).isFalse();
        until(() -> entries() == 0);
    }

    @Test
    void aThawThatFailsTwiceIsTriedAgainByTheWatchdog() throws Exception {
        Backup backup = backUp(60_000).go();
        until(server::isFrozen);
        server.failThaws(2);
        signal("KILL", backup.process().pid());

        writersGoOn();
        until(() -> entries() == 0);
    }

    @Test
    void aConnectionThatIsLostWhileFrozenIsMadeAgain() throws Exception {
        Backup backup = backUp(500).go();
        until(server::isFrozen);
        server.dropConnections(true);
        TimeSource.system().sleep(Duration.ofMillis(700));
        server.dropConnections(false);

        writersGoOn();
        assertThat(backup.ending()).isNotNull();
        until(() -> entries() == 0);
    }

    @Test
    void whenBackupAndWatchdogAreKilledTheNextStartOfTheProductThaws() throws Exception {
        Backup backup = backUp(60_000).go();
        until(server::isFrozen);
        signal("KILL", backup.watchdog());
        signal("KILL", backup.process().pid());
        backup.process().waitFor();
        assertThat(entries()).isEqualTo(1);

        MedBackup.open(Settings.of(temp.resolve("state"), new Actor("test", "localhost", null, null)))
                .close();

        assertThat(server.isFrozen()).isFalse();
        assertThat(entries()).isZero();
    }

    @Test
    void theNextStartThawsWithTheSecretsOfTheConfiguration() throws Exception {
        Backup backup = backUp(60_000).go();
        until(server::isFrozen);
        signal("KILL", backup.watchdog());
        signal("KILL", backup.process().pid());
        backup.process().waitFor();
        server.require("canary-thaw");
        Path file = Files.writeString(temp.resolve("medbackup.yaml"), """
            applications:
              ward: {url: "%s", secrets: {password: "env:WARD"}}
            """.formatted(server.address()));
        Settings without = Settings.of(temp.resolve("state"), new Actor("test", "localhost", null, null));
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
        Backup backup = backUp(0);
        signal("KILL", backup.watchdog());
        until(() -> ProcessHandle.of(backup.watchdog())
                .map(ProcessHandle::isAlive)
                .orElse(false)
                .equals(false));

        assertThat(backup.go().ending()).isEqualTo("failed WATCHDOG_UNAVAILABLE");
        assertThat(server.longestFreeze()).isZero();
        assertThat(server.isFrozen()).isFalse();
    }

    @Test
    void aBackupThatNothingDisturbsSucceedsAndLeavesNoWatchdog() throws Exception {
        Backup backup = backUp(10).go();

        assertThat(backup.ending()).isEqualTo("succeeded");
        until(() -> ProcessHandle.of(backup.watchdog()).isEmpty());
        assertThat(entries()).isZero();
    }
}
