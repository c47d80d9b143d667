package org.medbackup.governor.adapt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.signal.Unit;
import org.medbackup.governor.Protection;

/**
 * The whole of the adaptation but for threads and clocks: takes samples, ticks the controller, begins and ends pauses, and
 * judges. The same calls give the same rates. For one thread at a time.
 */
final class Loop {

    private static final long MILLISECOND = 1_000_000;
    static final long TICK = 250 * MILLISECOND;
    /** How often it is looked whether production suddenly does badly. */
    private static final long GLANCE = 50 * MILLISECOND;
    /** So long after a switch nothing counts at least: what was under way then runs out. */
    static final long GRACE = 100 * MILLISECOND;
    /** Where production was slow before a pause, a queue has to run empty first. */
    private static final long LONGEST_GRACE = 300 * MILLISECOND;

    private static final long ADJUST = 10_000 * MILLISECOND;
    private static final long IDLE = 1_000 * MILLISECOND;
    /** So long after a cut no pause begins, nor while a queue runs full: it would be taken for production's own. */
    private static final long CALM = 1_500 * MILLISECOND;

    private static final long NEVER = Long.MIN_VALUE;
    private static final int TICKS_OF_USE = 4;
    /** Pauses at a minimum of more than this part of the rate are no comparison. */
    private static final double SLIGHT = 0.1;
    /** What may still have been under way when a pause began. */
    private static final long UNDER_WAY = 4 << 20;

    private static final double HALF = 0.5;
    private static final double RECOVERED = 0.8;

    /** What was used between two ticks. */
    private record Use(long bytes, long nanos) {}

    private final Tuning tuning;
    private final List<Watched> watched;
    private final Controller controller;
    private final Pauses pauses;
    private final Happenings happenings;
    private final List<Use> uses = new ArrayList<>();
    private final Set<String> lost = new HashSet<>();
    private final Set<String> missed = new HashSet<>();

    private long nextTick;
    private long nextAdjust;
    private long tickedAt;
    private long lookedAt;
    private long usedAtTick;
    private long activeAt = Long.MIN_VALUE / 2;
    private boolean active;
    private boolean learning = true;
    private boolean paused;
    private long pauseBegan = Long.MIN_VALUE / 2;
    private long pauseEnded = Long.MIN_VALUE / 2;
    private long yieldedAt = Long.MIN_VALUE / 2;
    private long sufferingSince = NEVER;
    private long usedAtPause;
    private long grace = GRACE;
    private long minimum;
    private long most = Long.MAX_VALUE;
    private Controller.Decision decision;
    private long before;
    private long throttledAt;
    private boolean throttled;

    /** One that begins now. */
    Loop(Tuning tuning, List<Protection> protections, List<Unit> units, long seed, long now, Happenings happenings) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.tuning = tuning;
        this.happenings = happenings;
        List<Watched> all = new ArrayList<>();
        for (int i = 0; i < protections.size(); i++) {
            all.add(new Watched(protections.get(i), units.get(i), random, now));
        }
        watched = List.copyOf(all);
        controller = new Controller(tuning);
        pauses = new Pauses(tuning.pauses(), random, now);
        decision = new Controller.Decision(tuning.floor(), Reason.LEARNING, false);
        nextTick = now + TICK;
        nextAdjust = now + ADJUST;
        tickedAt = now;
        lookedAt = now;
    }

    /**
     * Takes a sample of one of those that are protected.
     *
     * @param begun when what it tells of began
     */
    void take(int which, Sample sample, long begun) {
        Watched.Phase phase;
        if (paused) {
            phase = begun >= pauseBegan + grace ? Watched.Phase.OFF : Watched.Phase.BETWEEN;
        } else if (uses.isEmpty() || begun < pauseEnded + GRACE) {
            phase = Watched.Phase.BETWEEN;
        } else if (!active || learning && usedASecond() <= 2 * tuning.floor()) {
            phase = Watched.Phase.OFF;
        } else {
            phase = Watched.Phase.ON;
        }
        watched.get(which).take(sample, phase, paused || phase == Watched.Phase.ON);
        if (phase == Watched.Phase.ON && isSlight()) {
            // So little is as good as nothing: where production is slow now, it is so by itself.
            watched.get(which).take(sample, Watched.Phase.OFF, false);
        }
    }

    /** Whether backups are as slow as they get, and use next to nothing of what they could. */
    private boolean isSlight() {
        return decision.rate() <= tuning.floor() && usedASecond() <= SLIGHT * controller.capacity();
    }

    /** When {@link #step} has something to do again. */
    long next() {
        return Math.min(Math.min(nextTick, lookedAt + GLANCE), pauses.next());
    }

    /**
     * Does what is due.
     *
     * @param hard the limit that others set, bytes a second, {@link Long#MAX_VALUE} for none
     * @param used bytes that backups have used since they began
     * @param least bytes a second below which the rate must not be now, 0 for none
     * @return bytes a second that backups may use until the next step
     */
    long step(long now, long hard, long used, long least) {
        minimum = least;
        most = hard;
        lookedAt = now;
        if (now >= nextTick || isOverwhelmed(now)) {
            tick(now, hard, used);
            nextTick = Math.max(nextTick + TICK, now + TICK / 2);
        }
        boolean was = paused;
        paused = pauses.at(now, active && isCalm(now) && least <= SLIGHT * decision.rate());
        if (paused && !was) {
            pauseBegan = now;
            usedAtPause = used;
            long slowest =
                    watched.stream().mapToLong(each -> each.slowest(now)).max().orElse(0);
            grace = Math.min(GRACE + 2 * slowest, LONGEST_GRACE);
        } else if (was && !paused) {
            pauseEnded = now;
            boolean kept = used - usedAtPause <= UNDER_WAY + pauseRate() * 1e-9 * (now - pauseBegan);
            watched.forEach(each -> each.endOfPause(kept));
        }
        return rate();
    }

    /** Whether it cannot wait for the next tick. */
    private boolean isOverwhelmed(long now) {
        return !paused
                && now - tickedAt >= GLANCE
                && now - yieldedAt > 2 * TICK
                && watched.stream().anyMatch(each -> each.isSuffering(now));
    }

    private boolean isCalm(long now) {
        if (watched.stream().noneMatch(each -> each.isSuffering(now))) {
            sufferingSince = NEVER;
        } else if (sufferingSince == NEVER) {
            sufferingSince = now;
        }
        // What goes on though the rate was cut is measured in pauses, too.
        return now - yieldedAt > CALM && (sufferingSince == NEVER || now - sufferingSince > CALM);
    }

    private long pauseRate() {
        return Math.max(Tuning.LOWEST, minimum);
    }

    /** What holds now. */
    long rate() {
        // A limit may have been raised since the last decision.
        long least = Math.max(minimum, tuning.floor());
        return Math.min(most, paused ? Math.min(pauseRate(), decision.rate()) : Math.max(decision.rate(), least));
    }

    /** Why. */
    Reason reason() {
        return decision.reason();
    }

    boolean isPaused() {
        return paused;
    }

    private void tick(long now, long hard, long used) {
        long bytes = used - usedAtTick;
        boolean whole = !paused && pauseEnded <= tickedAt;
        if (whole) {
            uses.add(new Use(bytes, now - tickedAt));
            if (uses.size() > TICKS_OF_USE) {
                uses.removeFirst();
            }
        }
        if (bytes > 0) {
            activeAt = now;
        }
        active = now - activeAt < IDLE;
        usedAtTick = used;
        tickedAt = now;
        if (!paused) {
            decide(now, hard);
        }
        if (active) {
            watched.forEach(each -> each.minutes(now));
        }
        if (now >= nextAdjust) {
            nextAdjust = now + ADJUST;
            adjust();
        }
    }

    private void decide(long now, long hard) {
        long since = Math.max(controller.since(), Long.MIN_VALUE / 2) + GRACE;
        List<Reading> readings =
                watched.stream().map(each -> each.reading(now, since)).toList();
        learning = readings.stream().anyMatch(reading -> reading.state() == Reading.State.LEARNING);
        for (int i = 0; i < readings.size(); i++) {
            String name = watched.get(i).name();
            if (readings.get(i).state() != Reading.State.LOST) {
                lost.remove(name);
            } else if (lost.add(name)) {
                happenings.lost(name);
            }
        }
        long before = decision.rate();
        Reason reason = decision.reason();
        decision = controller.tick(new Tick(now, readings, hard, usedASecond(), minimum));
        if (decision.cut() && decision.rate() < before) {
            yieldedAt = now;
        }
        tell(now, before, reason);
    }

    private long usedASecond() {
        long bytes = uses.stream().mapToLong(Use::bytes).sum();
        long nanos = uses.stream().mapToLong(Use::nanos).sum();
        return nanos == 0 ? 0 : (long) (bytes * 1e9 / nanos);
    }

    private void tell(long now, long last, Reason reason) {
        if (decision.cut() && !throttled) {
            if (reason != Reason.YIELDING) {
                before = last;
            }
            if (decision.rate() < HALF * before) {
                throttled = true;
                throttledAt = now;
                happenings.throttled(before, decision.rate());
            }
        } else if (throttled && decision.rate() >= RECOVERED * before) {
            throttled = false;
            happenings.recovered(decision.rate(), now - throttledAt);
        }
    }

    private void adjust() {
        for (Watched each : watched) {
            Impact.Difference difference = each.adjust();
            if (each.isMissed() && missed.add(each.name())) {
                happenings.missed(each.name(), difference.low(), difference.high());
            }
        }
    }

    /** How far the setpoints are lowered: 1 where they are as they were set. */
    double setpoint() {
        return watched.stream().mapToDouble(Watched::setpoint).min().orElse(1);
    }

    /** What was measured so far. */
    List<ImpactReport> reports() {
        return watched.stream().map(Watched::report).toList();
    }
}
