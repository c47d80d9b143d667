package org.medbackup.app.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.TimeSource;
import org.medbackup.testkit.Evidence;

/** A backup that is killed while it holds a real server's commits holds them no longer than the server needs to see it. */
@Timeout(900)
class KilledFreezeTest {

    private static final Duration LONGEST = Duration.ofSeconds(12);

    @Test
    void whenTheBackupIsKilledBetweenFreezeAndThawCommitsFlowAgain() throws IOException, InterruptedException {
        long started = System.nanoTime();
        int rounds = Evidence.rounds(2, 100);
        TimeSource time = TimeSource.system();
        var random = new Random(5);
        Duration longest = Duration.ZERO;
        try (TestServer server = TestServer.start("--log-bin=clinic-bin")) {
            Bank.open(server);
            try (Bank bank = Bank.busy(server, 2)) {
                for (int round = 0; round < rounds; round++) {
                    Process child = FreezingChild.start(server.address());
                    try (var said = child.inputReader()) {
                        assertThat(said.readLine()).isEqualTo("freezing");
                        // Every second one in the middle of the stages, the others when commits wait.
                        if (round % 2 == 0) {
                            assertThat(said.readLine()).isEqualTo("frozen");
                        }
                        time.sleep(Duration.ofMillis(random.nextInt(60)));
                    } finally {
                        child.destroyForcibly().waitFor();
                    }
                    long killed = time.nanos();
                    long committed = bank.committed();
                    TestServer.until(() -> bank.committed() > committed + 2);
                    Duration held = time.since(killed);
                    longest = held.compareTo(longest) > 0 ? held : longest;
                    assertThat(held).isLessThan(LONGEST);
                    TestServer.until(() -> server.ask("SELECT IS_USED_LOCK('medbackup') IS NULL")
                            .getFirst()
                            .equals("1"));
                }
            }
        }
        var counts = new TreeMap<String, Long>();
        counts.put("rounds", (long) rounds);
        counts.put("longest milliseconds until commits flowed", longest.toMillis());
        Evidence.keep("mariadb", "killed-backups", started, counts);
    }
}
