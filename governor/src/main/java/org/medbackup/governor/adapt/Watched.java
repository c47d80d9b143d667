package org.medbackup.governor.adapt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.medbackup.core.spi.signal.Quality;
import org.medbackup.core.spi.signal.Sample;
import org.medbackup.core.spi.signal.Unit;
import org.medbackup.governor.Protection;

/** One protected application: its samples, its bound, and what backups did to it. Pure as the controller is. */
final class Watched {

    private static final long SECOND = 1_000_000_000;
    private static final long TICK = SECOND / 4;
    /** So many seconds of samples are kept. */
    private static final int LATELY = 10;

    private static final long MINUTE = 60 * SECOND;
    /** What nobody who uses an application can feel. */
    private static final double LEAST_SECONDS = 0.001;

    private static final double LEAST_SHARE = 0.02;
    /** So much of what is allowed is made use of at most. */
    private static final double HIGHEST_SETPOINT = 0.8;

    private static final double LOWEST_SETPOINT = 0.5;
    private static final double LOWER = 0.8;
    private static final double HIGHER = 1.1;
    private static final int ROUNDS = 200;
    private static final int SURE = 3;
    private static final int FEWEST_OF_A_MINUTE = 5;
    /** The alarm. */
    private static final long LOST = 30 * SECOND;

    /** While what a sample was taken. */
    enum Phase {
        /** Backups paused, or none ran, for long enough. */
        OFF,
        /** Backups ran, for long enough. */
        ON,
        /** A switch was just before it; it tells nothing. */
        BETWEEN
    }

    /** A sample of the last seconds. */
    private record Recent(double value, long nanos, boolean starved) {}

    private final Protection protection;
    private final Unit unit;
    private final Baseline baseline = new Baseline();
    private final Impact impact;
    private final ArrayDeque<Recent> recent = new ArrayDeque<>();
    private final List<Sample> paused = new ArrayList<>();
    private final List<Double> ofMinute = new ArrayList<>();
    private double setpoint = HIGHEST_SETPOINT;
    private int missed;
    private long freshAt;
    private long minuteBegan = Long.MIN_VALUE;
    private long minutes;
    private long minutesKept;

    Watched(Protection protection, Unit unit, RandomGenerator random, long now) {
        this.protection = protection;
        this.unit = unit;
        this.impact = new Impact(random);
        this.freshAt = now;
    }

    String name() {
        return protection.name();
    }

    /**
     * Takes a sample.
     *
     * @param counts whether it is one of a randomised comparison, rather than of a time in which nothing ran anyway
     */
    void take(Sample sample, Phase phase, boolean counts) {
        boolean starved = sample.quality() == Quality.TIMED_OUT;
        if (!sample.isFresh() && !starved) {
            return;
        }
        freshAt = Math.max(freshAt, sample.nanos());
        switch (phase) {
            case OFF -> {
                if (counts) {
                    paused.add(sample);
                } else {
                    baseline.add(sample.value(), sample.nanos());
                }
            }
            case ON -> {
                recent.addLast(new Recent(sample.value(), sample.nanos(), starved));
                if (counts) {
                    impact.on(sample.value(), sample.nanos());
                    ofMinute.add(sample.value());
                }
            }
            case BETWEEN -> {}
        }
    }

    /**
     * A pause is over.
     *
     * @param kept whether backups really paused; if not, nothing is learned from it
     */
    void endOfPause(boolean kept) {
        if (kept) {
            paused.forEach(sample -> {
                baseline.add(sample.value(), sample.nanos());
                impact.off(sample.value());
            });
            impact.endOfPause();
        }
        paused.clear();
    }

    /** What the last half second and the last ten were like, of samples no older than something. */
    Reading reading(long now, long since) {
        long window = Math.max(SECOND, 4 * protection.every().toNanos());
        while (!recent.isEmpty()
                && (now - recent.getFirst().nanos > LATELY * window || recent.getFirst().nanos < since)) {
            recent.removeFirst();
        }
        long silent = now - freshAt;
        if (silent > LOST) {
            return Reading.none(Reading.State.LOST);
        }
        if (silent > Math.max(3 * TICK, 3 * protection.every().toNanos())) {
            return Reading.none(Reading.State.STALE);
        }
        List<Recent> last = since(now - window / 2);
        return new Reading(
                // Nothing is above a bound that is not known yet.
                Double.isInfinite(bound(now, setpoint)) ? Reading.State.LEARNING : Reading.State.WATCHING,
                seen(last, now),
                seen(recent, now),
                last.stream().anyMatch(Recent::starved));
    }

    private List<Recent> since(long nanos) {
        return recent.stream().filter(sample -> sample.nanos >= nanos).toList();
    }

    private Reading.Seen seen(Collection<Recent> samples, long now) {
        double bound = bound(now, setpoint);
        double slow = baseline.isKnown(now) ? rise(baseline.quantile(0.9, now), setpoint) : Double.POSITIVE_INFINITY;
        return new Reading.Seen(
                samples.size(),
                (int) samples.stream().filter(sample -> sample.value > bound).count(),
                (int) samples.stream().filter(sample -> sample.value > slow).count());
    }

    /** Whether it did badly in the last half second. */
    boolean isSuffering(long now) {
        return seen(since(now - SECOND / 2), now).isSudden();
    }

    /** Nanoseconds of the slowest of the last second's samples that are of a time; what waited with it is gone after that. */
    long slowest(long now) {
        double slowest =
                since(now - SECOND).stream().mapToDouble(Recent::value).max().orElse(0);
        return unit == Unit.SECONDS ? (long) (Math.min(slowest, 1) * SECOND) : 0;
    }

    private double least(double part) {
        return part * (unit == Unit.SECONDS ? LEAST_SECONDS : LEAST_SHARE);
    }

    /** Above which a sample counts against backups; infinite while nothing is known. */
    private double bound(long now, double part) {
        double most = protection.p99() * (1 + part) / 2;
        if (!baseline.isKnown(now)) {
            return Double.isInfinite(protection.maxRise()) ? most : Double.POSITIVE_INFINITY;
        }
        double without = baseline.quantile(0.99, now);
        // What production does by itself cannot be mended by stopping backups.
        return Math.max(Math.min(most, rise(without, part)), without + least(part));
    }

    private double rise(double without, double part) {
        return without * (1 + part * protection.maxRise()) + least(part);
    }

    /** The rise that the bound allows from what was measured in the pauses. */
    private double allowed(Impact.Difference difference) {
        double without = difference.p99Off();
        return Math.max(Math.min(protection.p99(), rise(without, 1)), without + least(1)) / without - 1;
    }

    /**
     * Every ten seconds: stays further away from the bound where it is not sure that it is kept.
     *
     * @return the difference so far
     */
    Impact.Difference adjust() {
        Impact.Difference difference = impact.difference(ROUNDS);
        if (difference.hasInterval()) {
            double allowed = allowed(difference);
            setpoint = difference.high() > allowed
                    ? Math.max(LOWEST_SETPOINT, setpoint * LOWER)
                    : Math.min(HIGHEST_SETPOINT, setpoint * HIGHER);
            missed = difference.low() > allowed ? missed + 1 : 0;
        }
        return difference;
    }

    /** Whether the bound was surely missed: one look of many may deceive, several in a row do not. */
    boolean isMissed() {
        return missed >= SURE;
    }

    /** Judges a minute that is over. */
    void minutes(long now) {
        if (minuteBegan == Long.MIN_VALUE) {
            minuteBegan = now;
        } else if (now - minuteBegan >= MINUTE) {
            minuteBegan = now;
            double bound = bound(now, 1);
            if (ofMinute.size() >= FEWEST_OF_A_MINUTE && !Double.isInfinite(bound)) {
                double[] sorted = ofMinute.stream()
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray();
                minutes++;
                if (sorted[Baseline.rank(sorted.length, 0.99)] <= bound) {
                    minutesKept++;
                }
            }
            ofMinute.clear();
        }
    }

    double setpoint() {
        return setpoint;
    }

    ImpactReport report() {
        Impact.Difference all = impact.difference(1000);
        return new ImpactReport(
                protection.name(),
                unit,
                all.p50Off(),
                all.p99Off(),
                all.p50On(),
                all.p99On(),
                all.low(),
                all.high(),
                protection.maxRise(),
                protection.p99(),
                minutes,
                minutesKept);
    }
}
