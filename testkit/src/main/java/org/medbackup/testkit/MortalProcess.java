package org.medbackup.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;

/**
 * A process as the application that it calls sees it: each call takes up to 600 ms, and at one of them it may die. What is
 * dead calls nothing any more: its calls fail and have no effect, and on its own clock, which this is, every deadline has
 * passed. Safe for use by several threads, one of which calls at a time.
 */
public final class MortalProcess implements TimeSource {

    private static final int LONGEST_MILLIS = 300;
    private static final long FOR_EVER = Duration.ofDays(1).toNanos();

    private final SteppedTime time;
    private final RandomGenerator random;
    private final List<Runnable> ends = new ArrayList<>();
    private int calls;
    private int last = -1;
    private boolean after;
    private boolean dead;

    /** One that lives. */
    public MortalProcess(SteppedTime time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    /** What a dead process gets to see of its calls; not for its code to catch. */
    public static final class Killed extends Error {

        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /** A call of an application. */
    @FunctionalInterface
    public interface Call<T extends @Nullable Object, X extends Exception> {

        /** Has its effect. */
        T make() throws X;
    }

    /**
     * Has the effect of a call, unless the process is dead or dies before it.
     *
     * @throws Killed where it is dead, or dies now
     */
    public synchronized <T extends @Nullable Object, X extends Exception> T call(Call<T, X> call) throws X {
        if (dead) {
            throw new Killed();
        }
        pass();
        boolean fatal = ++calls == last;
        if (fatal && !after) {
            kill();
            throw new Killed();
        }
        T made = call.make();
        pass();
        if (fatal) {
            kill();
            throw new Killed();
        }
        return made;
    }

    /** Work of its own, of which the application hears nothing and at which it may die as at a call. */
    public void work() {
        String _ = call(() -> "");
    }

    private void pass() {
        time.advance(Duration.ofMillis(random.nextInt(LONGEST_MILLIS)));
    }

    /** Happens at its death, or now where it is dead: the application ends its sessions. */
    public synchronized void whenDead(Runnable end) {
        if (dead) {
            end.run();
        } else {
            ends.add(end);
        }
    }

    /**
     * Dies at a call from now on.
     *
     * @param number 1 for the next one
     * @param answered whether that has its effect
     */
    synchronized void diesAt(int number, boolean answered) {
        calls = 0;
        last = number;
        after = answered;
    }

    /** Dies now. */
    synchronized void kill() {
        dead = true;
        ends.forEach(Runnable::run);
        ends.clear();
    }

    /** How many calls it has made since it was told at which to die. */
    synchronized int calls() {
        return calls;
    }

    /** Whether it calls nothing any more. */
    public synchronized boolean isDead() {
        return dead;
    }

    @Override
    public Instant now() {
        return time.now();
    }

    @Override
    public long nanos() {
        return isDead() ? time.nanos() + FOR_EVER : time.nanos();
    }

    @Override
    public void sleep(Duration duration) {
        time.sleep(duration);
    }
}
