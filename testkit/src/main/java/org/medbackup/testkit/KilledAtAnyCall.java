package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Readiness;

/**
 * Backups of which each dies at one of its calls from {@code prepare} to {@code thaw}, before or after the call has its effect,
 * and what ends its freeze then, as the product does it: the watchdog, which came to know the application before the freeze;
 * in every other round that is dead too, and a fresh instance comes later, as the replay of the journal at the next start
 * does. Of what the dead one knew both have the connection and {@link Application#freezeHandle}. All in the time of the
 * stage.
 */
public final class KilledAtAnyCall {

    /** From the beginning of a thaw until writes go on. */
    private static final Duration LIMIT = Duration.ofSeconds(12);

    /** What a watchdog gives one attempt. */
    private static final Duration ATTEMPT = Duration.ofSeconds(5);

    private static final Duration PHASE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int LATEST_REPLAY_SECONDS = 300;

    private final Scene scene;
    private final MortalProcess backup;
    private final MortalProcess watchdog;
    private final MortalProcess replay;
    private Map<String, String> handle = Map.of();
    private Object ofOthers = "";
    private @Nullable Application acquainted;

    private KilledAtAnyCall(Scene scene, RandomGenerator random) {
        this.scene = scene;
        this.backup = new MortalProcess(scene.time(), random);
        this.watchdog = new MortalProcess(scene.time(), random);
        this.replay = new MortalProcess(scene.time(), random);
    }

    /** An application, ready for a backup. */
    public interface Scene extends AutoCloseable {

        /** The clock of the application. */
        SteppedTime time();

        /** An instance of the connector in a process, with what a freeze said of itself. */
        Application open(MortalProcess process, Map<String, String> handle);

        /** Another product begins what it does there; after the checks, of which it would fail one. */
        void othersBegin();

        /** What that product holds; equal as long as nobody ends it. */
        Object ofOthers();

        /** Whether a write goes through. */
        boolean writes();

        @Override
        void close();
    }

    /**
     * What was played.
     *
     * @param rounds all
     * @param frozen in which writes were stopped when the backup died
     * @param replayed of these, in which the watchdog was dead too
     */
    public record Played(int rounds, int frozen, int replayed) {}

    /**
     * Plays rounds, each on a scene of its own.
     *
     * @param seed from which every choice comes
     * @param rounds how many
     * @param scenes in turn
     * @throws AssertionError where writes do not go on within 12 s, something of another product was ended, or a thaw that
     *     comes once more does harm; names the round
     */
    public static Played play(long seed, int rounds, List<Supplier<Scene>> scenes) {
        List<Integer> calls = scenes.stream().map(KilledAtAnyCall::unharmed).toList();
        var random = seeded(seed);
        int frozen = 0;
        int replayed = 0;
        for (int i = 0; i < rounds; i++) {
            int which = i % scenes.size();
            boolean alone = i / scenes.size() % 2 == 1;
            int fatal = 1 + random.nextInt(calls.get(which));
            boolean answered = random.nextBoolean();
            try (Scene scene = scenes.get(which).get()) {
                boolean stopped = new KilledAtAnyCall(scene, random).round(fatal, answered, alone);
                frozen += stopped ? 1 : 0;
                replayed += stopped && alone ? 1 : 0;
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError(
                        "round %d, scene %d: killed %s call %d of %d"
                                .formatted(i, which, answered ? "after" : "before", fatal, calls.get(which)),
                        failed);
            }
        }
        return new Played(rounds, frozen, replayed);
    }

    /** How many calls a backup makes from its preparation on that nobody kills. */
    private static int unharmed(Supplier<Scene> scenes) {
        try (Scene scene = scenes.get()) {
            var whole = new KilledAtAnyCall(scene, seeded(0));
            whole.backUp(Integer.MAX_VALUE, true);
            whole.requireWorking();
            whole.leaveWatchdog();
            return whole.backup.calls();
        }
    }

    private void backUp(int fatal, boolean answered) {
        try (Application application = scene.open(backup, Map.of())) {
            application.discover(Deadline.after(backup, PHASE));
            assertThat(application.check(Deadline.after(backup, PHASE))).allMatch(Readiness::ok);
            scene.othersBegin();
            ofOthers = scene.ofOthers();
            backup.diesAt(fatal, answered);
            application.prepare("run-7", Deadline.after(backup, PHASE));
            if (!application.freezes()) {
                application.mark(Deadline.after(backup, PHASE));
                return;
            }
            handle = application.freezeHandle();
            Application opened = scene.open(watchdog, handle);
            acquainted = opened;
            opened.discover(Deadline.after(watchdog, PHASE));
            application.freeze(Deadline.after(backup, PHASE));
            assertThat(scene.writes()).as("frozen, and writes go through").isFalse();
            application.mark(Deadline.after(backup, PHASE));
            application.thaw(Deadline.after(backup, PHASE));
        }
    }

    /** Returns whether the backup left its application frozen. */
    private boolean round(int fatal, boolean answered, boolean alone) {
        try {
            backUp(fatal, answered);
        } catch (MortalProcess.Killed | RuntimeException ended) {
            if (!backup.isDead()) {
                throw ended;
            }
        }
        assertThat(backup.isDead()).as("the backup is dead").isTrue();
        boolean frozen = !scene.writes();
        Application known = acquainted;
        if (known == null) {
            assertThat(frozen).as("frozen before anybody was told").isFalse();
        } else if (alone) {
            leaveWatchdog();
            watchdog.kill();
            scene.time().advance(Duration.ofSeconds(LATEST_REPLAY_SECONDS));
            thaw(replay, scene.open(replay, handle));
            thaw(replay, scene.open(replay, handle));
        } else {
            thaw(watchdog, known);
            thaw(replay, scene.open(replay, handle));
        }
        requireWorking();
        return frozen;
    }

    /** Again, by another connection, as long as it fails. */
    private void thaw(MortalProcess process, Application first) {
        long begun = scene.time().nanos();
        boolean thawed = thaws(process, first);
        while (!thawed && scene.time().since(begun).compareTo(LIMIT) < 0) {
            scene.time().sleep(PAUSE);
            thawed = thaws(process, scene.open(process, handle));
        }
        assertThat(thawed).as("the application said that it is not frozen").isTrue();
        assertThat(scene.time().since(begun)).as("time of the thaw").isLessThanOrEqualTo(LIMIT);
        requireWorking();
    }

    private static boolean thaws(MortalProcess process, Application application) {
        try (application) {
            application.thaw(Deadline.after(process, ATTEMPT));
            return true;
        } catch (BackupException failed) {
            return false;
        }
    }

    private void leaveWatchdog() {
        if (acquainted != null) {
            acquainted.close();
            acquainted = null;
        }
    }

    private void requireWorking() {
        assertThat(scene.writes()).as("writes go on").isTrue();
        assertThat(scene.ofOthers()).as("what another product holds").isEqualTo(ofOthers);
    }

    private static RandomGenerator seeded(long seed) {
        return RandomGeneratorFactory.of("Random").create(seed);
    }
}
