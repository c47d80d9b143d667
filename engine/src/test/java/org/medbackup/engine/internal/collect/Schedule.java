package org.medbackup.engine.internal.collect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Call;
import org.medbackup.testkit.FaultyStore.Fault;

/**
 * Runs several actors one step at a time, in an order that a test chooses: each call on the store that matters to the
 * protocol is a step, before which the actor waits until it is let go. Between two steps an actor runs by itself.
 */
final class Schedule {

    private static final long PATIENCE_SECONDS = 60;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Actor> actors = new HashMap<>();
    private final List<String> trace = new ArrayList<>();

    private static final class Actor {
        private int waiting;
        private int permits;
        private boolean ended;
        private String next = "";
        private RuntimeException failure = new IllegalStateException("none");
        private boolean failed;
    }

    /** The store as an actor sees it. */
    ObjectStore store(String actor, ObjectStore inner) {
        return new FaultyStore(inner, (call, name, number) -> {
            boolean looks = actor.startsWith("writer") && guards(call, name)
                    || actor.startsWith("reader") && call == Call.READ && begins(name, "d/", "m/");
            if (looks || matters(call, name)) {
                step(actor, call + " " + name);
            }
            return Fault.NONE;
        });
    }

    /** Calls on an actor's own packs, on keys and on what nobody else changes commute with all others. */
    private static boolean matters(Call call, String name) {
        return switch (call) {
            case PUT -> begins(name, "t/", "g/", "x/", "root/", "f/", "s/", "w/", "d/");
            case LIST -> begins(name, "t/", "root/", "s/", "d/");
            case DELETE -> begins(name, "g/", "d/", "s/", "root/");
            case LENGTH, READ -> false;
        };
    }

    /** What a writer looks at; what a collector does in between commutes with that. */
    private static boolean guards(Call call, String name) {
        return call == Call.LIST && begins(name, "g/", "f/");
    }

    private static boolean begins(String name, String... prefixes) {
        return List.of(prefixes).stream().anyMatch(name::startsWith);
    }

    private void step(String name, String what) {
        lock.lock();
        try {
            Actor actor = actor(name);
            actor.waiting++;
            actor.next = what;
            changed.signalAll();
            while (actor.permits == 0) {
                changed.awaitUninterruptibly();
            }
            actor.permits--;
            actor.waiting--;
            trace.add(name + " " + what);
        } finally {
            lock.unlock();
        }
    }

    private Actor actor(String name) {
        return Objects.requireNonNull(actors.get(name), name);
    }

    /** Adds an actor, which waits before its first step. */
    void add(String name, Runnable work) {
        var actor = new Actor();
        actors.put(name, actor);
        Thread.ofPlatform().daemon().name("actor-" + name).start(() -> {
            try {
                work.run();
            } catch (RuntimeException failed) {
                actor.failure = failed;
                actor.failed = true;
            } finally {
                lock.lock();
                try {
                    actor.ended = true;
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        });
        settle();
    }

    /** Lets an actor go on until it is about to make a call that begins so, or has ended; false where it has ended. */
    boolean until(String name, String call) {
        return advance(name, Integer.MAX_VALUE, call);
    }

    /** Lets an actor make so many steps; false where it has ended before. */
    boolean steps(String name, int count) {
        return advance(name, count, "nothing begins like this");
    }

    /** Lets an actor run to its end. */
    void finish(String name) {
        steps(name, Integer.MAX_VALUE);
    }

    private boolean advance(String name, int count, String call) {
        lock.lock();
        try {
            Actor actor = actor(name);
            for (int i = 0; i < count; i++) {
                settle();
                if (actor.ended) {
                    return false;
                }
                if (actor.next.startsWith(call)) {
                    return true;
                }
                actor.permits++;
                actor.next = "";
                changed.signalAll();
                while (actor.permits > 0) {
                    changed.awaitUninterruptibly();
                }
            }
            settle();
            return !actor.ended;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until every actor stands before a step or has ended. */
    private void settle() {
        lock.lock();
        try {
            while (actors.values().stream().anyMatch(actor -> !actor.ended && actor.waiting == 0)) {
                if (!changed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("an actor does not come to its next step", new TimeoutException());
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } finally {
            lock.unlock();
        }
    }

    /** Whether an actor has ended with a failure. */
    boolean failed(String name) {
        return actor(name).failed;
    }

    /** The failure of an actor that failed. */
    RuntimeException failure(String name) {
        return actor(name).failure;
    }

    /** What was done, in order. */
    List<String> trace() {
        lock.lock();
        try {
            return List.copyOf(trace);
        } finally {
            lock.unlock();
        }
    }
}
