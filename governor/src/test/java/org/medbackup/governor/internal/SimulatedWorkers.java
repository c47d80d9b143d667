package org.medbackup.governor.internal;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.corpus.SeededRandom;

/**
 * Workers at an arbiter, on a clock that jumps from event to event. Each asks for a slice, uses it at any time between the
 * grant and its commit, commits what it really used, and asks again. How long things take, stop and fail decides a seed.
 */
final class SimulatedWorkers {

    /** How hard their life is. */
    enum Life {
        /** A slice takes a fraction of a millisecond, nothing stops. */
        QUIET,
        /** Threads are kept from running for up to three seconds, slices fail in part or whole. */
        HARD
    }

    private static final class Worker {
        private final Arbiter arbiter;
        private final Route route;
        private final long slice;
        private final Windows seen;
        private Arbiter.Waiting waiting;
        private long used;
        private long usedAt;
        private long nextAt;
        private boolean busy;

        private Worker(Arbiter arbiter, Route route, long slice, Windows seen, Arbiter.Waiting waiting) {
            this.arbiter = arbiter;
            this.route = route;
            this.slice = slice;
            this.seen = seen;
            this.waiting = waiting;
        }
    }

    private final Arbiter arbiter = new Arbiter();
    private final List<Worker> workers = new ArrayList<>();
    private final SeededRandom random;
    private final Life life;
    private long now = 7;
    private long steps;

    SimulatedWorkers(SeededRandom random, Life life) {
        this.random = random;
        this.life = life;
    }

    long now() {
        return now;
    }

    long steps() {
        return steps;
    }

    void add(Route route, long slice, Windows seen) {
        add(arbiter, route, slice, seen);
    }

    /** One of another process. */
    void add(Arbiter process, Route route, long slice, Windows seen) {
        workers.add(new Worker(process, route, slice, seen, process.submit(route, slice)));
    }

    /** All workers of a process stop where they are. */
    void kill(Arbiter process) {
        for (Worker worker : List.copyOf(workers)) {
            if (worker.arbiter == process) {
                workers.remove(worker);
                if (worker.busy && worker.usedAt <= now) {
                    worker.seen.add(worker.usedAt, worker.used);
                }
            }
        }
    }

    void runUntil(long end) {
        while (now < end) {
            steps++;
            workers.stream().map(worker -> worker.arbiter).distinct().forEach(each -> each.grant(now));
            long next = end;
            for (Worker worker : workers) {
                next = Math.min(next, next(worker));
            }
            now = Math.max(next, now);
        }
    }

    /** What a worker does now, and when it has something to do again. */
    private long next(Worker worker) {
        if (worker.busy && worker.nextAt <= now) {
            worker.seen.add(worker.usedAt, worker.used);
            worker.arbiter.commit(worker.route, now, worker.slice, worker.used);
            worker.busy = false;
            worker.waiting = worker.arbiter.submit(worker.route, worker.slice);
            worker.arbiter.grant(now);
        }
        if (worker.waiting.isGranted() && !worker.busy) {
            begin(worker);
        }
        if (worker.busy) {
            return worker.nextAt;
        }
        return worker.waiting.isBehind()
                ? Long.MAX_VALUE
                : now + Math.max(1, Math.min(worker.waiting.obstacle().delay(), 50_000_000));
    }

    private void begin(Worker worker) {
        worker.busy = true;
        long took = random.below(200_000L);
        worker.used = worker.slice;
        if (life == Life.HARD) {
            took += random.oneIn(50) ? random.below(3_000_000_000L) : random.below(2_000_000L);
            if (random.oneIn(10)) {
                worker.used = random.below(worker.slice + 1);
            }
        }
        worker.nextAt = now + took;
        worker.usedAt = now + random.below(took + 1);
    }
}
