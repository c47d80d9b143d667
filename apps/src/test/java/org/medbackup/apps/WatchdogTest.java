package org.medbackup.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Connection;

/** The second layer: a watchdog thaws what a process that hangs or is gone has frozen. */
@Timeout(30)
class WatchdogTest {

    private static final Duration TTL = Duration.ofMillis(300);

    @TempDir
    Path temp;

    private final ScriptedApplication application = new ScriptedApplication(true);
    private final AtomicReference<Frozen> opened = new AtomicReference<>();
    private final Kennel kennel = new Kennel(frozen -> {
        opened.set(frozen);
        return application;
    });
    private @Nullable WatchdogLink link;

    @AfterEach
    void close() {
        if (link != null) {
            link.close();
        }
    }

    private FreezeJournal journal() {
        return FreezeJournal.in(temp.resolve("freeze"), Secret.ofText("a key of this host"), Entropy.system());
    }

    private static Connection connection() {
        return new Connection(
                URI.create("scripted://application/"), new TreeMap<>(), Map.of("password", Secret.ofText("hidden")));
    }

    private static Frozen frozen(Duration limit) {
        return new Frozen(
                "scripted://application", "run", connection(), null, limit, Frozen.Origin.here(TimeSource.system()));
    }

    private static void until(BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            TimeSource.system().sleep(Duration.ofMillis(2));
        }
    }

    /** A process that says to its watchdog what the test wants, and nothing else. */
    private final class Talk implements AutoCloseable {
        private final Processes.Piped dog = kennel.pipe(Command.of("watchdog"));
        private final PrintStream in = new PrintStream(dog.input(), true, StandardCharsets.UTF_8);
        private final BufferedReader out =
                new BufferedReader(new InputStreamReader(dog.output(), StandardCharsets.UTF_8));

        Talk() throws IOException {
            assertThat(out.readLine()).isEqualTo("READY");
        }

        void say(String line) {
            in.println(line);
        }

        String hear() throws IOException {
            return out.readLine();
        }

        void lease(Duration limit) throws IOException {
            FreezeJournal journal = journal();
            journal.keep(frozen(limit));
            String entry = journal.entryOf(frozen(limit)).toString();
            say("LEASE a " + new WatchdogProtocol.Order(TTL, entry, frozen(limit)).encoded());
            assertThat(hear()).isEqualTo("HELD a");
            application.freeze(Deadline.after(TimeSource.system(), TTL));
        }

        boolean isMine() throws IOException {
            say("MINE a");
            String said = hear();
            while (said.startsWith("THAWED")) {
                said = hear();
            }
            return said.equals("YES a");
        }

        @Override
        public void close() {
            in.close();
            assertThat(dog.await(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void aProcessThatFallsSilentIsFencedAndItsApplicationThawed() throws IOException {
        try (var talk = new Talk()) {
            talk.lease(Duration.ofSeconds(20));
            assertThat(talk.isMine()).isTrue();

            until(() -> !application.isFrozen());

            talk.say("RENEW a");
            assertThat(talk.isMine()).isFalse();
            assertThat(journal().read().frozen())
                    .as("its process lives and may freeze late")
                    .hasSize(1);
            talk.say("END a");
            assertThat(talk.isMine()).isFalse();
        }
        assertThat(opened.get().connection().secret("password")).isNotNull();
    }

    @Test
    void renewalsKeepALeaseAndItsHardLimitEndsItAllTheSame() throws IOException {
        try (var talk = new Talk()) {
            talk.lease(Duration.ofMillis(900));
            long begun = System.nanoTime();
            for (int i = 0; i < 6; i++) {
                TimeSource.system().sleep(Duration.ofMillis(100));
                talk.say("RENEW a");
            }
            assertThat(talk.isMine()).isTrue();
            while (application.isFrozen()) {
                talk.say("RENEW a");
                TimeSource.system().sleep(Duration.ofMillis(20));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(600));
            assertThat(talk.isMine()).isFalse();
        }
    }

    @Test
    void aProcessThatIsGoneIsThawedAtOnceAndLeavesTheJournal() throws IOException {
        var talk = new Talk();
        talk.lease(Duration.ofSeconds(20));

        talk.close();

        assertThat(application.isFrozen()).isFalse();
        assertThat(journal().read().isEmpty()).isTrue();
    }

    @Test
    void aThawThatFailsTwiceIsTriedAThirdTimeByANewConnection() throws IOException {
        application.in(Phase.THAW, call -> {
            if (call < 3) {
                throw ErrorCode.APPLICATION_UNREACHABLE.because("lost");
            }
        });
        var talk = new Talk();
        talk.lease(Duration.ofSeconds(20));

        talk.close();

        assertThat(application.isFrozen()).isFalse();
        assertThat(application.journal()).containsSubsequence("discover", "freeze", "thaw", "thaw", "close", "thaw");
        assertThat(journal().read().isEmpty()).isTrue();
    }

    @Test
    void whatWasThawedByItsProcessIsNotThawedAgain() throws IOException {
        try (var talk = new Talk()) {
            talk.lease(Duration.ofSeconds(20));
            talk.say("END a");
            assertThat(talk.isMine()).isFalse();
        }
        assertThat(application.journal()).doesNotContain("thaw");
    }

    @Test
    void aNewLeaseOfTheSameFreezeReplacesTheOld() throws IOException {
        try (var talk = new Talk()) {
            talk.lease(Duration.ofSeconds(20));
            talk.lease(Duration.ofSeconds(20));
            assertThat(talk.isMine()).isTrue();
            talk.say("END a");
        }
        assertThat(application.journal()).doesNotContain("thaw");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LEASE a", "LEASE a 1 2 3", "LEASE a 1 Lw== Lw==", "LEASE a x / /"})
    void whatCannotBeUnderstoodIsRefused(String line) throws IOException {
        try (var talk = new Talk()) {
            talk.say("nonsense");
            talk.say("HELD a");
            talk.say("RENEW unknown");
            talk.say("END unknown");
            talk.say(line);
            assertThat(talk.hear()).isEqualTo("REFUSED a");
        }
    }

    private WatchdogLink link() {
        WatchdogLink started = WatchdogLink.start(
                kennel,
                Command.of("watchdog"),
                TimeSource.system(),
                new WatchdogLink.Times(TTL, Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofMillis(500)));
        link = started;
        return started;
    }

    private FreezeGuard guard() {
        return guard(link());
    }

    private FreezeGuard guard(WatchdogLink started) {
        return new FreezeGuard(TimeSource.system(), journal(), () -> started, connection(), null);
    }

    private ConsistentBackup backup(FreezeWitness witness) {
        return ConsistentBackup.of(TimeSource.system(), OperationLog.silent()).with(witness);
    }

    @Test
    void aGuardedBackupLeavesNothingInTheJournalAndNothingToThaw() {
        application.in(Phase.MARK, () -> {
            // Longer than the time to live: the renewals come.
            TimeSource.system().sleep(TTL.multipliedBy(2));
            assertThat(journal().read().frozen())
                    .singleElement()
                    .satisfies(kept ->
                            assertThat(kept.connection().option("session", "")).isEqualTo("17"));
        });

        WatchdogLink started = link();
        ApplicationRun run = backup(guard(started)).run(application, "run", new Stage.NoSink());

        assertThat(run.isDegraded()).isFalse();
        assertThat(journal().read().isEmpty()).isTrue();
        assertThat(opened.get().connection().option("session", ""))
                .as("the watchdog knows which freeze it has to end")
                .isEqualTo("17");
        assertThat(started.isAlive()).isTrue();
        assertThat(started.pid()).isEqualTo(1);
        started.close();
        assertThat(application.journal().stream().filter("thaw"::equals)).hasSize(1);
    }

    @Test
    void anApplicationThatTheWatchdogCannotReachIsNotFrozen() {
        application.in(Phase.DISCOVER, call -> {
            if (call > 1) {
                throw ErrorCode.APPLICATION_UNREACHABLE.because("refused");
            }
        });

        assertUnavailable(guard());

        assertThat(application.journal()).doesNotContain("freeze", "thaw");
        assertThat(journal().read().isEmpty()).isTrue();
    }

    @Test
    void nothingIsFrozenOnceTheWatchdogIsDead() {
        WatchdogLink started = link();
        FreezeGuard guard = guard(started);
        kennel.last().kill();
        until(() -> !started.isAlive());

        assertUnavailable(guard);

        assertThat(application.journal()).doesNotContain("freeze");
    }

    private void assertUnavailable(FreezeWitness witness) {
        assertThatThrownBy(() -> backup(witness).run(application, "run", new Stage.NoSink()))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.WATCHDOG_UNAVAILABLE));
    }

    @Test
    void aMarkThatADeadWatchdogCannotConfirmIsLost() {
        application.in(Phase.MARK, () -> kennel.last().kill());

        assertThatThrownBy(() -> backup(guard()).run(application, "run", new Stage.NoSink()))
                .isInstanceOfSatisfying(
                        BackupException.class, lost -> assertThat(lost.code()).isEqualTo(ErrorCode.FREEZE_LOST));
        assertThat(application.isFrozen()).isFalse();
    }

    @Test
    void aWatchdogThatDoesNotBecomeReadyOrCannotBeStartedIsNone() {
        var times = new WatchdogLink.Times(TTL, TTL, Duration.ofMillis(100), Duration.ofMillis(50));
        assertThatThrownBy(() -> WatchdogLink.start(
                        new Kennel(frozen -> application).mute(), Command.of("x"), TimeSource.system(), times))
                .hasMessageContaining("does not become ready");
        assertThatThrownBy(() -> WatchdogLink.start(
                        Processes.system(), Command.of("/no/such/program"), TimeSource.system(), times))
                .isInstanceOf(BackupException.class);
        assertThat(WatchdogLink.Times.defaults().ttl()).isEqualTo(Duration.ofSeconds(10));
    }
}
