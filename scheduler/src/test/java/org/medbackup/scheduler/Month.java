package org.medbackup.scheduler;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.scheduler.state.RunResult;
import org.medbackup.scheduler.state.StateDatabase;
import org.medbackup.scheduler.state.Store;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.SeededEntropy;

/**
 * A month of a hospital on a simulated clock: workers that die and come back, targets that are away for hours, runs that fail
 * and runs that take three times as long, all drawn by a seed. One thread does everything in one order.
 */
final class Month implements AutoCloseable {

    private static final Duration LEASE = Duration.ofMinutes(90);
    private static final Duration STEP = Duration.ofMinutes(29);

    final List<String> log = new ArrayList<>();
    /** Good restore points by job, in order. */
    final Map<String, List<Instant>> good = new TreeMap<>();
    /** What was said of objectives, by job. */
    final Map<String, List<RpoMonitor.Standing>> told = new TreeMap<>();

    int deaths;
    int failures;
    int takeovers;
    int fenced;
    int runs;
    int steps;

    private final ManualTime time;
    private final RuleBook rules;
    private final Map<String, Duration> lengths;
    private final SeededRandom random;
    private final Store store;
    private final List<Worker> workers = new ArrayList<>();
    private final PriorityQueue<End> ends = new PriorityQueue<>();
    private final Map<String, Instant> awayUntil = new HashMap<>();
    private long order;

    Month(Path folder, RuleBook rules, Map<String, Duration> lengths, Instant start, long seed) {
        this.time = new ManualTime(start);
        this.rules = rules;
        this.lengths = lengths;
        this.random = SeededRandom.of(seed);
        this.store = new Store.Sqlite(folder.resolve("state.db"));
        for (String host : List.of("one", "two", "three")) {
            workers.add(new Worker(host));
        }
    }

    /** A run that ends at an instant; in the order in which they were begun where that is the same. */
    private record End(Instant at, long number, Worker worker, int life, Runnable run) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            int byTime = at.compareTo(other.at);
            return byTime == 0 ? Long.compare(number, other.number) : byTime;
        }
    }

    private final class Worker {
        private final String host;
        private int life;
        private @Nullable Scheduler scheduler;
        private @Nullable StateDatabase state;
        private Instant back = Instant.MIN;

        private Worker(String host) {
            this.host = host;
        }

        private void rise() {
            life++;
            SchedulerSettings settings = SchedulerSettings.usual(host, host)
                    .withTimes(Duration.ofMinutes(1), LEASE, Duration.ZERO)
                    .withHorizon(Duration.ZERO);
            StateDatabase opened = store.open(host, host, time, new SeededEntropy(random.nextLong()));
            int now = life;
            state = opened;
            scheduler = new Scheduler(
                    settings, opened, rules, Month.this::work, (name, run) -> launch(now, run), this::hear, time);
        }

        private void launch(int now, Runnable run) {
            ends.add(new End(time.now().plus(pending), order++, this, now, run));
        }

        private void hear(SchedulerEvent event) {
            Month.this.hear(host, event);
        }

        private void die() {
            deaths++;
            // Its connection closes; what it held stays until its leases are over.
            StateDatabase dead = state;
            if (dead != null) {
                dead.close();
            }
            scheduler = null;
            back = time.now().plus(Duration.ofMinutes(10 + random.below(200)));
            log.add(time.now() + " " + host + " died until " + back);
        }
    }

    /** How long the run takes that is being begun. */
    private Duration pending = Duration.ZERO;

    private void hear(String host, SchedulerEvent event) {
        switch (event) {
            case SchedulerEvent.Began began -> {
                runs++;
                takeovers += began.attempt() > 1 ? 1 : 0;
                Duration usual = lengths.getOrDefault(began.job(), Duration.ofMinutes(10));
                int percent = random.oneIn(25) ? 300 : 80 + random.below(40);
                pending = usual.multipliedBy(percent).dividedBy(100);
            }
            case SchedulerEvent.ObjectiveChanged changed -> {
                String job = changed.standing().objective().object();
                told.computeIfAbsent(job, name -> new ArrayList<>()).add(changed.standing());
            }
            case SchedulerEvent.Fenced gone -> fenced++;
            default -> {}
        }
        log.add(host + " " + event);
    }

    private RunResult work(Claim claim) {
        claim.assertHeld();
        JobRules job = rules.jobs().get(claim.job());
        boolean away = job != null
                && job.targets().stream()
                        .anyMatch(target ->
                                awayUntil.getOrDefault(target, Instant.MIN).isAfter(time.now()));
        if (away || random.oneIn(12)) {
            failures++;
            throw ErrorCode.STORE_UNAVAILABLE.because("drawn");
        }
        claim.publish();
        Instant point = time.now().minus(lengths.getOrDefault(claim.job(), Duration.ofMinutes(10)));
        good.computeIfAbsent(claim.job(), name -> new ArrayList<>()).add(point);
        return RunResult.good(point);
    }

    /** Lets days pass. */
    void pass(Duration days) {
        Instant end = time.now().plus(days);
        while (time.now().isBefore(end)) {
            steps++;
            fate();
            Instant next = turnAll();
            Instant step = time.now().plus(STEP);
            next = next == null || next.isAfter(step) ? step : next;
            End first = ends.peek();
            if (first != null && first.at().isBefore(next)) {
                next = first.at();
            }
            Duration wait = Duration.between(time.now(), next);
            time.advance(wait.isPositive() ? wait : Duration.ofSeconds(1));
            endRuns();
        }
    }

    private void fate() {
        for (Worker each : workers) {
            if (each.scheduler == null) {
                if (!time.now().isBefore(each.back)) {
                    each.rise();
                }
            } else if (random.oneIn(300)) {
                each.die();
            }
        }
        for (String target :
                IntStream.range(0, 3).mapToObj(each -> "target" + each).toList()) {
            if (random.oneIn(900)) {
                Instant until = time.now().plus(Duration.ofMinutes(20 + random.below(400)));
                awayUntil.put(target, until);
                log.add(time.now() + " " + target + " is away until " + until);
            }
        }
    }

    private @Nullable Instant turnAll() {
        Instant next = null;
        for (Worker each : workers) {
            Scheduler scheduler = each.scheduler;
            if (scheduler != null) {
                Instant wanted = scheduler.turn();
                next = next == null || (wanted != null && wanted.isBefore(next)) ? wanted : next;
            }
        }
        return next;
    }

    private void endRuns() {
        for (End first = ends.peek(); first != null && !first.at().isAfter(time.now()); first = ends.peek()) {
            ends.remove();
            // A dead worker's runs end nowhere.
            if (first.worker().scheduler != null && first.worker().life == first.life()) {
                first.run().run();
            }
        }
    }

    Instant now() {
        return time.now();
    }

    TimeSource clock() {
        return time;
    }

    @Override
    public void close() {
        for (Worker each : workers) {
            StateDatabase state = each.state;
            if (each.scheduler != null && state != null) {
                state.close();
            }
        }
    }
}
