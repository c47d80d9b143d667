package org.medbackup.governor.adapt;

import java.util.List;

/**
 * Decides the rate from what it is told, and from nothing else: no clock, no chance, no thread. The same ticks give the same
 * decisions, so each run can be replayed.
 *
 * <p>Where more than two in a hundred of the last second's samples are above the bound, the rate is cut at once. What was
 * the rate then is the knee, beyond which the queue of a disk tips over; as long as violations go on, each rate that was
 * still too high becomes the knee. From the cut the rate climbs fast to four fifths of the knee, and looks for more by a
 * curve that is flat there and gets steeper, as CUBIC (RFC 9438) does: where production has become quieter, that is soon
 * found. A rate that is not used proves nothing and does not rise.
 */
final class Controller {

    private static final long MILLISECOND = 1_000_000;
    private static final long DWELL = 500 * MILLISECOND;
    private static final long EPISODE = 2_000 * MILLISECOND;
    private static final double CUT = 0.6;
    private static final double CUT_LASTING = 0.8;
    private static final double CUT_STARVED = 0.5;
    private static final double PLATEAU = 0.8;
    private static final double CLIMB = 0.03;
    /** While no knee is known: doubles in three seconds. */
    private static final double FIRST_CLIMB = 0.06;
    /** Of the capacity, by the cube of seconds. */
    private static final double PROBE = 2e-4;
    /** A knee that was found again is looked for half as often, since each time production suffers for a moment. */
    private static final int SUREST = 3;

    private static final double SAME = 0.8;
    private static final double BEYOND = 1.1;
    /** Below this part of the rate it is not the rate that holds backups back. */
    private static final double UNUSED = 0.7;

    private static final long NONE = Long.MIN_VALUE;

    private final Tuning tuning;
    private double rate;
    private double knee = Double.NaN;
    private double capacity;
    /** How often the knee was found again where it was. */
    private int found;

    private long cutAt = NONE;
    private long violatedAt = NONE;
    private long plateauAt = NONE;
    private double plateau;

    Controller(Tuning tuning) {
        this.tuning = tuning;
        this.rate = tuning.floor();
        this.capacity = tuning.start();
    }

    /**
     * What holds until the next tick.
     *
     * @param rate bytes a second
     * @param reason why
     * @param cut whether it was cut just now
     */
    record Decision(long rate, Reason reason, boolean cut) {}

    /** The rate at which production was last seen to suffer; NaN while none was. */
    double knee() {
        return knee;
    }

    /** The highest rate that was ever used, or the one to start with. */
    double capacity() {
        return capacity;
    }

    /** When samples began to be of the present rate: those of before say nothing about it. */
    long since() {
        return cutAt;
    }

    Decision tick(Tick tick) {
        double least = Math.min(Math.max(tuning.floor(), tick.minimum()), tick.hard());
        double most = Math.max((double) tick.hard(), least);
        capacity = Math.min(Math.max(capacity, (double) tick.used()), most);
        boolean violated = tick.readings().stream().anyMatch(Reading::isViolated);
        Reason reason;
        boolean cut = false;
        if (is(tick.readings(), Reading.State.LOST, true)) {
            reason = Reason.LOST;
            restart(least);
        } else if (violated) {
            reason = Reason.YIELDING;
            cut = cutAt == NONE || tick.nanos() - cutAt >= DWELL;
            if (cut) {
                cut(tick, least);
            }
            violatedAt = tick.nanos();
        } else if (tick.readings().stream().anyMatch(Reading::isMissing)) {
            reason = Reason.DEGRADED;
            double degraded = tuning.degraded() * (tick.hard() == Long.MAX_VALUE ? capacity : tick.hard());
            restart(Math.min(rate + CLIMB * degraded, degraded));
        } else if (is(tick.readings(), Reading.State.LEARNING, false)) {
            reason = Reason.LEARNING;
            restart(least);
        } else {
            reason = rise(tick);
        }
        rate = Math.clamp(rate, least, most);
        if (rate >= tick.hard() && (reason == Reason.CLIMBING || reason == Reason.PROBING)) {
            reason = Reason.LIMIT;
        }
        return new Decision((long) rate, reason, cut);
    }

    private static boolean is(List<Reading> readings, Reading.State state, boolean all) {
        return all
                ? !readings.isEmpty() && readings.stream().allMatch(reading -> reading.state() == state)
                : readings.stream().anyMatch(reading -> reading.state() == state);
    }

    private void restart(double lower) {
        rate = lower;
        plateauAt = NONE;
    }

    private void cut(Tick tick, double least) {
        boolean used = tick.used() >= UNUSED * rate;
        double last = used ? Math.min(rate, (double) tick.used()) : rate;
        boolean goesOn = violatedAt != NONE && tick.nanos() - violatedAt < EPISODE;
        boolean sudden = tick.readings().stream().anyMatch(Reading::isSudden);
        if (used && last > least) {
            if (!goesOn && sudden) {
                found = last > SAME * knee ? Math.min(found + 1, SUREST) : 0;
            }
            knee = goesOn && knee < last ? knee : last;
        }
        boolean starved = tick.readings().stream().anyMatch(Reading::starved);
        restart(last * (starved ? CUT_STARVED : sudden ? CUT : CUT_LASTING));
        cutAt = tick.nanos();
    }

    private Reason rise(Tick tick) {
        if (cutAt != NONE && tick.nanos() - cutAt < DWELL) {
            return Reason.YIELDING;
        }
        double before = rate;
        boolean begins = Double.isNaN(knee) && rate < tuning.start();
        double target = Double.isNaN(knee) ? Double.POSITIVE_INFINITY : PLATEAU * knee;
        if (tick.readings().stream().anyMatch(reading -> reading.last().samples() == 0)) {
            // Nothing is known of this rate yet.
            return rate < target ? Reason.CLIMBING : Reason.PROBING;
        }
        if (tick.used() < UNUSED * rate) {
            // Nothing is proven by a rate that nobody uses.
            plateauAt = NONE;
        } else if (begins) {
            rate = tuning.start();
        } else if (Double.isNaN(knee)) {
            rate *= 1 + FIRST_CLIMB;
        } else if (rate < target) {
            rate = Math.min(target, rate + CLIMB * Math.max(capacity, knee));
            plateauAt = NONE;
        } else {
            if (plateauAt == NONE) {
                plateauAt = tick.nanos();
                plateau = rate;
            }
            double seconds = (tick.nanos() - plateauAt) / 1e9;
            double probe = PROBE / (1 << 3 * found);
            rate = Math.max(before, plateau + probe * capacity * seconds * seconds * seconds);
            if (rate > BEYOND * knee) {
                found = 0;
            }
        }
        return rate < target ? Reason.CLIMBING : Reason.PROBING;
    }
}
