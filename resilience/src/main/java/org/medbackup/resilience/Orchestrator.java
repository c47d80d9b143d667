package org.medbackup.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;

/**
 * Tries work until it is done: looks up what failed in the catalogue, takes the next step of its plan that can be taken,
 * and gives up where the plan or the time is at its end. Safe for use by several threads.
 *
 * <p>The first attempt after a failure begins within 5 s of it, unless the other side says for how long it wants to be left
 * alone.
 */
public final class Orchestrator {

    /** A server that asks for a longer pause is asked again after this one. */
    static final Duration LONGEST_TOLD = Duration.ofMinutes(5);

    private final FailureCatalogue catalogue;
    private final Backoff pauses;
    private final TimeSource time;
    private final RandomGenerator random;

    /** With the pauses between attempts that are given. */
    public Orchestrator(FailureCatalogue catalogue, Backoff pauses, TimeSource time, RandomGenerator random) {
        this.catalogue = catalogue;
        this.pauses = pauses;
        this.time = time;
        this.random = random;
    }

    /**
     * Tries work until it is done, its plan is at its end or the time is over. An attempt is not cut short by the deadline;
     * none begins after it.
     *
     * @param met hears of each failure before anything is done about it
     * @throws CancelledException where somebody ended it
     */
    public <T> Ending<T> run(Work<T> work, Deadline deadline, Consumer<Trouble> met) {
        return run(work, deadline, met, Past.NOTHING, (trouble, past) -> time.sleep(trouble.pause()));
    }

    /**
     * Goes on with work that was tried before.
     *
     * @param met hears of each failure before anything is done about it
     * @param before what was tried until now
     * @param interlude lets pauses pass
     * @throws CancelledException where somebody ended it, or the interlude says that it is taken up again later
     */
    public <T> Ending<T> run(Work<T> work, Deadline deadline, Consumer<Trouble> met, Past before, Interlude interlude) {
        var troubles = new ArrayList<Trouble>();
        Past past = before;
        while (true) {
            Course course = past.next();
            BackupException cause;
            try {
                return new Ending.Done<>(work.attempt(course), troubles, course);
            } catch (CancelledException ended) {
                throw ended;
            } catch (BackupException failed) {
                cause = failed;
            } catch (RuntimeException unforeseen) {
                cause = ErrorCode.INTERNAL.because(unforeseen.getClass().getSimpleName(), unforeseen);
            }
            past = past.attempted(course);
            Failure failure = catalogue.classify(cause, work.stage());
            boolean again = false;
            while (!again) {
                past = past.met(failure);
                Trouble trouble = trouble(work, failure, cause, course, past, deadline);
                troubles.add(trouble);
                met.accept(trouble);
                if (trouble.action() == Action.STOP) {
                    return new Ending.GivenUp<>(troubles, course);
                }
                interlude.pass(trouble, past);
                again = isPrepared(work, trouble.action());
                past = past.changed(trouble.action());
            }
        }
    }

    private <T> Trouble trouble(
            Work<T> work, Failure failure, BackupException cause, Course course, Past past, Deadline deadline) {
        Set<Action> possible = EnumSet.of(Action.RETRY, Action.STOP);
        possible.addAll(work.possible());
        Action action = failure.action(past.met().getOrDefault(failure.id(), 1) - 1, possible);
        // The first try again is soon, whatever is tried; later ones back off, together over all kinds of failures.
        Duration pause = longer(pauses.pause(past.failures(), random), told(cause));
        if (action == Action.STOP || pause.compareTo(deadline.remaining()) >= 0) {
            action = Action.STOP;
            pause = Duration.ZERO;
        }
        return new Trouble(
                failure, cause, work.stage(), work.resource(course), course.attempt(), action, pause, time.now());
    }

    private static boolean isPrepared(Work<?> work, Action action) {
        try {
            work.prepare(action);
            return true;
        } catch (CancelledException ended) {
            throw ended;
        } catch (BackupException failed) {
            return false;
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** For how long the other side wants to be left alone, as it said; nothing where it did not. */
    static Duration told(BackupException failure) {
        String seconds = failure.context().getOrDefault("retryAfter", "");
        if (!seconds.matches("[0-9]{1,9}")) {
            return Duration.ZERO;
        }
        Duration told = Duration.ofSeconds(Long.parseLong(seconds));
        return told.compareTo(LONGEST_TOLD) < 0 ? told : LONGEST_TOLD;
    }
}
