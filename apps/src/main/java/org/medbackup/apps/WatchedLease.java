package org.medbackup.apps;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ServiceConfigurationError;
import java.util.function.Consumer;
import java.util.function.Function;
import org.medbackup.apps.WatchdogProtocol.Order;
import org.medbackup.apps.WatchdogProtocol.Verb;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.spi.app.Application;

/**
 * One freeze as the watchdog sees it, on a thread of its own. Thaws when it is not renewed in time, when its hard limit is
 * over, or when its process is gone; and again and again until the application says that it is not frozen.
 *
 * <p>Once it has run out it is fenced: no renewal revives it, and as long as its process lives it is thawed from time to
 * time, because a process that stood still may send its freeze after the thaw.
 */
final class WatchedLease {

    /** Longest time until the application has answered before anything is frozen. */
    static final Duration ACQUAINTANCE = Duration.ofSeconds(5);

    private static final Duration ATTEMPT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** A fenced lease is thawed again so often. */
    static final Duration AGAIN = Duration.ofSeconds(5);
    /** Then it is the journal's turn. */
    static final Duration GIVING_UP = Duration.ofMinutes(10);

    private enum State {
        ARMING,
        HELD,
        FENCED,
        ENDED
    }

    private final TimeSource time;
    private final Order order;
    private final Function<Frozen, Application> opener;
    private final Consumer<Verb> answers;
    private final Thread thread;
    private State state = State.ARMING;
    private boolean orphaned;
    private Deadline ttl;
    private Deadline limit;

    WatchedLease(TimeSource time, Order order, Function<Frozen, Application> opener, Consumer<Verb> answers) {
        this.time = time;
        this.order = order;
        this.opener = opener;
        this.answers = answers;
        this.ttl = Deadline.after(time, order.ttl());
        this.limit = Deadline.after(time, order.frozen().limit());
        this.thread = Thread.ofPlatform().daemon().name("medbackup-watched").unstarted(this::keep);
    }

    void start() {
        thread.start();
    }

    private void keep() {
        Application acquainted;
        try {
            acquainted = acquaint();
        } catch (RuntimeException | ServiceConfigurationError unreachable) {
            end();
            answers.accept(Verb.REFUSED);
            return;
        }
        try (acquainted) {
            hold();
            answers.accept(Verb.HELD);
            awaitItsEnd();
            thawUntilDone(acquainted);
        }
    }

    /** An application that this process cannot reach is one that it cannot thaw. */
    private Application acquaint() {
        Application opened = opener.apply(order.frozen());
        try (var calls = new PhaseThread(time)) {
            calls.run(new PhaseThread.Call("watchdog", ACQUAINTANCE, Duration.ZERO, false), () -> {
                opened.discover(Deadline.after(time, ACQUAINTANCE));
                return true;
            });
            return opened;
        } catch (BackupException failed) {
            opened.close();
            throw failed;
        }
    }

    private synchronized void hold() {
        if (state == State.ARMING) {
            state = State.HELD;
            ttl = Deadline.after(time, order.ttl());
            limit = Deadline.after(time, order.frozen().limit());
        }
    }

    private void awaitItsEnd() {
        for (Duration left = left(); left.isPositive(); left = left()) {
            pause(left);
        }
    }

    private synchronized Duration left() {
        if (state != State.HELD || orphaned) {
            return Duration.ZERO;
        }
        Duration toRenew = ttl.remaining();
        Duration inAll = limit.remaining();
        return toRenew.compareTo(inAll) < 0 ? toRenew : inAll;
    }

    /** Returns when there is nothing more to do for this freeze. */
    private void thawUntilDone(Application acquainted) {
        Duration pause = FIRST_PAUSE;
        boolean first = true;
        Deadline patience = Deadline.after(time, GIVING_UP);
        while (fence() && !patience.hasPassed()) {
            boolean last = isOrphaned();
            boolean thawed = first ? thaw(acquainted) : thawAnew();
            first = false;
            if (thawed) {
                answers.accept(Verb.THAWED);
                patience = Deadline.after(time, GIVING_UP);
                if (last) {
                    FreezeJournal.remove(Path.of(order.entry()));
                    return;
                }
                pause(isOrphaned() ? Duration.ZERO : AGAIN);
                pause = FIRST_PAUSE;
            } else {
                pause(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    /** From here on it is lost to its process; false when that has ended it before. */
    private synchronized boolean fence() {
        if (state == State.ENDED) {
            return false;
        }
        state = State.FENCED;
        return true;
    }

    private boolean thawAnew() {
        try (Application fresh = opener.apply(order.frozen())) {
            return thaw(fresh);
        } catch (BackupException unopened) {
            return false;
        }
    }

    private boolean thaw(Application application) {
        var call = new PhaseThread.Call(Phase.THAW.label(), ATTEMPT, Duration.ZERO, false);
        try (var calls = new PhaseThread(time)) {
            return calls.run(call, () -> {
                application.thaw(Deadline.after(time, ATTEMPT));
                return true;
            });
        } catch (BackupException failed) {
            return false;
        }
    }

    private void pause(Duration duration) {
        try {
            time.sleep(duration);
        } catch (BackupException woken) {
            // Something has changed: whoever did it has interrupted us, and the loop looks again.
            Thread.interrupted();
        }
    }

    private synchronized boolean isOrphaned() {
        return orphaned;
    }

    /** Its process lives. Does nothing for a lease that has run out. */
    synchronized void renew() {
        if (isHeld()) {
            ttl = Deadline.after(time, order.ttl());
        }
    }

    /** Whether nothing has thawed it from here. */
    synchronized boolean isHeld() {
        return state == State.HELD && left().isPositive();
    }

    /** The application has said that it is not frozen. */
    synchronized void end() {
        state = State.ENDED;
        thread.interrupt();
    }

    /** Its process is gone. */
    synchronized void orphan() {
        orphaned = true;
        thread.interrupt();
    }

    /** Waits until nothing is left to do. */
    void join() throws InterruptedException {
        thread.join();
    }
}
