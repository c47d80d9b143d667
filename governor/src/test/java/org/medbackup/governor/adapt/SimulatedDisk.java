package org.medbackup.governor.adapt;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.signal.Unit;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.governor.Protection;

/**
 * A disk of 40 MB/s that production and a backup share, on simulated time: response times are exponential with the mean of
 * a queue that is used so far (M/M/1), and where more is demanded than it has, a backlog grows that every reading waits for.
 */
final class SimulatedDisk implements Happenings {

    static final double CAPACITY = 40e6;
    static final long MILLISECOND = 1_000_000;
    static final long SECOND = 1_000 * MILLISECOND;

    private static final double SERVICE = 0.0001;
    private static final double DEEPEST = 0.095;
    /** Mean length of a burst, nanoseconds, and seconds of a reading in one. */
    private static final double BURST = 60e6;

    private static final double SLOW = 0.015;
    private static final long STEP = 5 * MILLISECOND;

    private final SeededRandom random;
    final Loop loop;
    final Tuning tuning;
    final Protection protection;
    final List<String> told = new ArrayList<>();

    long hard = Long.MAX_VALUE;
    long minimum;
    /** The part of the disk that production uses. */
    double production = 0.3;
    /** The most that the backup can read. */
    double demand = Double.MAX_VALUE;

    boolean answers = true;
    /** Whether the backup keeps to the rate outside of pauses, and in them. */
    boolean obeys = true;

    boolean pauses = true;
    /** How often a second production makes its disk slow by itself, for some tens of milliseconds, as a checkpoint does. */
    double bursts;

    long now = 1_000 * SECOND;
    double used;
    private double backlog;
    private long burstUntil;
    private long probeAt = now;
    private double latest;
    private long pausedAt;

    SimulatedDisk(long seed, Tuning tuning, Protection protection) {
        this.random = SeededRandom.of(seed);
        this.tuning = tuning;
        this.protection = protection;
        this.loop = new Loop(tuning, List.of(protection), List.of(Unit.SECONDS), seed, now, this);
    }

    static Protection rise(double maxRise) {
        return Protection.ofRise("emr", URI.create("disk-read:/data/file"), Duration.ofMillis(10), maxRise);
    }

    static SimulatedDisk of(long seed) {
        return new SimulatedDisk(seed, Tuning.standard(), rise(0.2));
    }

    /** What was seen of a stretch of time. */
    static final class Seen {

        final List<Double> latencies = new ArrayList<>();
        final List<Double> pauses = new ArrayList<>();
        double bytes;
        double seconds;
        double lowest = Double.MAX_VALUE;
        double highest;

        double rate() {
            return bytes / seconds;
        }

        /** The part of the readings that took longer than something. */
        double above(double bound) {
            return (double) latencies.stream()
                            .filter(seconds -> seconds > bound)
                            .count()
                    / latencies.size();
        }

        double p99() {
            double[] sorted =
                    latencies.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return sorted[Baseline.rank(sorted.length, 0.99)];
        }
    }

    /** Lets time pass. */
    Seen run(double seconds) {
        var seen = new Seen();
        long until = now + (long) (seconds * SECOND);
        while (now < until) {
            now += STEP;
            double dt = STEP / 1e9;
            double rate = (loop.isPaused() ? pauses : obeys) ? (double) loop.rate() : Double.MAX_VALUE;
            double left = CAPACITY * (1.02 - production);
            double takes = Math.min(Math.min(rate, demand), Math.max(left, 0.05 * CAPACITY));
            used += takes * dt;
            double load = production + Math.min(rate, demand) / CAPACITY;
            backlog = Math.clamp(backlog + (Math.min(load, 1.5) - 0.97) * dt, 0, DEEPEST);
            double mean = SERVICE / (1 - Math.min(load, 0.97));
            if (random.nextDouble() < bursts * dt) {
                burstUntil = now + (long) (-BURST * Math.log(1 - random.nextDouble()));
            }
            if (now >= probeAt) {
                latest = backlog - (now < burstUntil ? SLOW : mean) * Math.log(1 - random.nextDouble());
                if (answers) {
                    loop.take(0, Sample.of(latest, now), now - (long) (latest * SECOND));
                }
                probeAt = now + Math.max(10 * MILLISECOND, (long) (latest * SECOND));
                seen.latencies.add(latest);
            }
            if (now >= loop.next()) {
                loop.step(now, hard, (long) used, minimum);
                if (loop.isPaused()) {
                    pausedAt = pausedAt == 0 ? now : pausedAt;
                } else {
                    if (pausedAt != 0) {
                        seen.pauses.add((now - pausedAt) / 1e9);
                        pausedAt = 0;
                    }
                    seen.lowest = Math.min(seen.lowest, (double) loop.rate());
                    seen.highest = Math.max(seen.highest, (double) loop.rate());
                }
            }
            seen.bytes += takes * dt;
            seen.seconds += dt;
        }
        return seen;
    }

    /** The rate at which two of a hundred readings take longer than what the bound allows. */
    double knee() {
        double p99 = SERVICE / (1 - production) * Math.log(100);
        double bound = Math.min(p99 * (1 + protection.maxRise()) + 0.001, protection.p99());
        double load = 1 - SERVICE * Math.log(50) / bound;
        return (load - production) * CAPACITY;
    }

    @Override
    public void lost(String name) {
        told.add("lost " + name);
    }

    @Override
    public void throttled(long before, long after) {
        told.add("throttled");
    }

    @Override
    public void recovered(long rate, long nanos) {
        told.add("recovered");
    }

    @Override
    public void missed(String name, double low, double high) {
        told.add("missed " + name);
    }
}
