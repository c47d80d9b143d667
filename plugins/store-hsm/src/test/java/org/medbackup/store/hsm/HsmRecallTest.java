package org.medbackup.store.hsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.hsm.FakeHsm.name;
import static org.medbackup.store.hsm.HsmStoreTest.failure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore.Recall.Readiness;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;
import org.medbackup.testkit.ManualTime;

/** Files are brought back by the command of the site, or by reading, and never otherwise. */
class HsmRecallTest {

    private static final ObjectName X = name("d/ab/x");
    private static final Duration DAY = Duration.ofDays(1);
    private static final byte[] BYTES = new byte[100_000];

    static {
        Arrays.fill(BYTES, (byte) 7);
    }

    @TempDir
    Path temp;

    private FakeHsm hsm;

    @BeforeEach
    void makeHsm() throws Exception {
        hsm = new FakeHsm(temp);
    }

    private HsmStore away(String sections, TimeSource time) throws Exception {
        return away(sections, hsm.programs, time);
    }

    /** A store with one object, which is away. */
    private HsmStore away(String sections, Processes processes, TimeSource time) throws Exception {
        HsmStore store = hsm.open(sections, processes, time);
        store.putIfAbsent(X, ObjectContent.of(BYTES));
        hsm.migrate(X.text());
        return store;
    }

    private static void request(HsmStore store) {
        store.recall().orElseThrow().request(X, Speed.BULK, DAY);
    }

    private static Readiness readiness(HsmStore store) {
        return store.recall().orElseThrow().readiness(X);
    }

    @Test
    void whatIsAskedForComesAndIsReadable() throws Exception {
        try (HsmStore store = away(hsm.askingState() + hsm.recalling(""), new ManualTime())) {
            assertThat(readiness(store)).isEqualTo(Readiness.COLD);

            store.recall().orElseThrow().request(X, Speed.EXPEDITED, Duration.ofHours(2));

            assertThat(hsm.calls("recall")).containsExactly("d/ab/x --speed=expedited 7200");
            assertThat(readiness(store)).isEqualTo(Readiness.COMING);
            failure(ErrorCode.OBJECT_OFFLINE, () -> store.readAll(X));
            assertThat(readiness(store)).isEqualTo(Readiness.READABLE);
            assertThat(store.readAll(X)).isEqualTo(BYTES);
        }
    }

    @Test
    void whatIsComingOrHereIsNotAskedForAgain() throws Exception {
        try (HsmStore store = away(hsm.recalling(""), new ManualTime())) {
            request(store);
            request(store);
            assertThat(readiness(store)).isEqualTo(Readiness.COMING);

            hsm.bringBack(X.text());
            request(store);

            assertThat(readiness(store)).isEqualTo(Readiness.READABLE);
            assertThat(hsm.calls("recall")).hasSize(1);
        }
    }

    @Test
    void whatIsMovedAwayAgainAfterItCameIsColdAgain() throws Exception {
        try (HsmStore store = away(hsm.recalling(""), new ManualTime())) {
            request(store);
            hsm.bringBack(X.text());
            assertThat(readiness(store)).isEqualTo(Readiness.READABLE);

            hsm.migrate(X.text());

            assertThat(readiness(store)).isEqualTo(Readiness.COLD);
        }
    }

    @Test
    void whatDoesNotComeInTimeIsColdAndCanBeAskedForAgain() throws Exception {
        var time = new ManualTime();
        try (HsmStore store = away(hsm.recalling("    hours: 2\n"), time)) {
            request(store);
            time.advance(Duration.ofMinutes(119));
            assertThat(readiness(store)).isEqualTo(Readiness.COMING);

            time.advance(Duration.ofMinutes(1));

            assertThat(readiness(store)).isEqualTo(Readiness.COLD);
            request(store);
            assertThat(hsm.calls("recall")).hasSize(2);
        }
    }

    @Test
    void anObjectThatIsNotThereIsNotAskedFor() throws Exception {
        try (HsmStore store = hsm.open(hsm.recalling(""), new ManualTime())) {
            failure(ErrorCode.OBJECT_MISSING, () -> request(store));
            assertThat(hsm.calls("recall")).isEmpty();
        }
    }

    @Test
    void withoutACommandForRecallsARequestIsRefusedWithWhatToWrite() throws Exception {
        try (HsmStore store = away(hsm.askingState(), new ManualTime())) {
            BackupException refused = failure(ErrorCode.CONFIGURATION_INVALID, () -> request(store));

            assertThat(refused.getMessage()).contains("write commands.recall", "docs/store-hsm.md");
            assertThat(readiness(store)).isEqualTo(Readiness.COLD);
            assertThat(hsm.wasRead(X.text())).isFalse();
        }
    }

    @Test
    void aRecallThatFailsIsSaidWithItsExitStatusAndTheObjectIsColdStill() throws Exception {
        try (HsmStore store = away(hsm.recalling(""), new ManualTime())) {
            hsm.programs.script("recall", "echo /patients/4711; exit 9");

            BackupException failed = failure(ErrorCode.STORE_UNAVAILABLE, () -> request(store));

            assertThat(failed.getMessage()).contains("command for recall ended with exit status 9");
            assertThat(failed.context()).containsEntry("exit", "9").containsEntry("object", X.text());
            assertThat(failed.toCaller()).doesNotContain("4711");
            assertThat(readiness(store)).isEqualTo(Readiness.COLD);
        }
    }

    @Test
    void aRecallThatHangsIsEndedWithAllThatItHasStarted() throws Exception {
        Path pid = temp.resolve("pid");
        try (HsmStore store = away(hsm.recalling("    seconds: 3\n"), Processes.system(), TimeSource.system())) {
            hsm.programs.script("recall", "sleep 600 & echo $! >'" + pid + "'\nwait");

            BackupException failed = failure(ErrorCode.STORE_UNAVAILABLE, () -> request(store));

            assertThat(failed.getMessage()).contains("did not end in 3 s");
            FakeHsm.await(() -> !isAlive(pid));
        }
    }

    /** One that has ended and that nobody has waited for does not count. */
    private static boolean isAlive(Path pid) throws Exception {
        try {
            String status =
                    Files.readString(Path.of("/proc", Files.readString(pid).strip(), "stat"));
            return !status.contains(") Z ");
        } catch (java.io.IOException gone) {
            return false;
        }
    }

    @Test
    void aProgramThatIsGoneSinceTheStoreWasOpenedIsAFailureOfTheTarget() throws Exception {
        try (HsmStore store = away(hsm.recalling(""), Processes.system(), new ManualTime())) {
            Files.delete(hsm.recallProgram());
            failure(ErrorCode.STORE_UNAVAILABLE, () -> request(store));
            assertThat(readiness(store)).isEqualTo(Readiness.COLD);
        }
    }

    /** Processes that cannot be started. */
    private record Failing(ErrorCode code) implements Processes {

        @Override
        public Completed run(Command command) {
            throw code.because("no process");
        }

        @Override
        public Running start(Command command) {
            throw code.because("no process");
        }
    }

    @Test
    void aProgramThatCannotBeStartedIsAFailureOfTheTargetAndACancelledOneStaysCancelled() throws Exception {
        try (HsmStore store = away(hsm.recalling(""), new Failing(ErrorCode.SYSTEM_CALL_FAILED), new ManualTime())) {
            assertThat(failure(ErrorCode.STORE_UNAVAILABLE, () -> request(store)))
                    .hasMessageContaining("could not be started");
        }
        hsm.bringBack(X.text());
        try (HsmStore store = hsm.open(hsm.recalling(""), new Failing(ErrorCode.CANCELLED), new ManualTime())) {
            hsm.migrate(X.text());
            failure(ErrorCode.CANCELLED, () -> request(store));
        }
    }

    @Test
    void aRecallInTheBackgroundKeepsNobodyWaiting() throws Exception {
        Path go = temp.resolve("go");
        try (HsmStore store = away(hsm.recalling("    background: true\n"), Processes.system(), new ManualTime())) {
            hsm.programs.script(
                    "recall",
                    "while [ ! -e '" + go
                            + "' ]; do sleep 0.05; done\nchmod u+w \"$1\"; head -c 100000 /dev/urandom >\"$1\";"
                            + " touch '" + temp.resolve("done") + "'");

            request(store);

            assertThat(readiness(store)).isEqualTo(Readiness.COMING);
            Files.createFile(go);
            FakeHsm.await(() -> Files.exists(temp.resolve("done")));
            assertThat(readiness(store)).isEqualTo(Readiness.READABLE);
        }
    }

    @Test
    void aRecallThatFailedInTheBackgroundIsSaidForTwoMinutesAndIsColdThen() throws Exception {
        var time = new ManualTime();
        try (HsmStore store = away(hsm.recalling("    background: true\n"), time)) {
            hsm.programs.script("recall", "exit 9");
            request(store);

            BackupException failed = failure(
                    ErrorCode.STORE_UNAVAILABLE, () -> FakeHsm.await(() -> readiness(store) != Readiness.COMING));

            assertThat(failed.context()).containsEntry("exit", "9").containsEntry("object", X.text());
            time.advance(HsmRecall.SAID.minusSeconds(1));
            failure(ErrorCode.STORE_UNAVAILABLE, () -> readiness(store));
            time.advance(Duration.ofSeconds(1));
            assertThat(readiness(store)).isEqualTo(Readiness.COLD);
        }
    }

    @Test
    void closingEndsWhatIsRunningInTheBackground() throws Exception {
        Path pid = temp.resolve("pid");
        try (HsmStore store = away(hsm.recalling("    background: true\n"), Processes.system(), TimeSource.system())) {
            hsm.programs.script("recall", "echo $$ >'" + pid + ".new'; mv '" + pid + ".new' '" + pid + "'; sleep 600");
            request(store);
            FakeHsm.await(() -> Files.exists(pid));
            assertThat(isAlive(pid)).isTrue();
        }
        FakeHsm.await(() -> !isAlive(pid));
    }

    @Test
    void byReadingIsDoneOnlyWhereTheSiteSaysSo() throws Exception {
        try (HsmStore store = away("  recall: {byReading: true, atOnce: 2}\n", new ManualTime())) {
            assertThat(readiness(store)).isEqualTo(Readiness.COLD);
            assertThat(hsm.wasRead(X.text())).isFalse();

            request(store);

            assertThat(readiness(store)).isEqualTo(Readiness.COMING);
            if (!Files.readString(Path.of("/proc/self/mounts")).contains("noatime")) {
                FakeHsm.await(() -> hsm.wasRead(X.text()));
            }
            hsm.bringBack(X.text());
            assertThat(readiness(store)).isEqualTo(Readiness.READABLE);
        }
    }

    @Test
    void aFileThatCannotBeReadBackIsAFailureOfTheTarget() {
        assertThat(failure(ErrorCode.STORE_UNAVAILABLE, () -> HsmRecall.readFirstByte(temp.resolve("lost"))))
                .hasMessageContaining("could not be read back")
                .hasMessageContaining("ENOENT");
    }
}
