package org.medbackup.governor.adapt;

import java.util.random.RandomGenerator;

/**
 * When backups pause so that production is measured without them: for 250 to 500 ms, at times that nobody can foresee, so
 * that neither a daily load curve nor a job that runs every ten seconds falls on the pauses more than on the rest.
 */
final class Pauses {

    private static final long SHORTEST = 250_000_000;
    private static final long LONGEST = 500_000_000;
    private static final long PUT_OFF = 700_000_000;
    private static final long NEVER = Long.MAX_VALUE / 2;
    private static final long MEAN = (SHORTEST + LONGEST) / 2;

    private final double share;
    private final RandomGenerator random;
    private boolean paused;
    private long begins;
    private long ends;

    Pauses(double share, RandomGenerator random, long now) {
        this.share = share;
        this.random = random;
        schedule(now);
    }

    private void schedule(long after) {
        // Between half and one and a half of the mean gap.
        begins = share == 0 ? NEVER : after + (long) (MEAN * (1 - share) / share * (0.5 + random.nextDouble()));
        ends = begins + SHORTEST + random.nextLong(LONGEST - SHORTEST + 1);
    }

    /** Begins or ends a pause where it is time; one that is not allowed now is put off by a second or so. */
    boolean at(long now, boolean allowed) {
        if (paused && now >= ends) {
            paused = false;
            schedule(now);
        } else if (!paused && now >= begins) {
            long length = ends - begins;
            paused = allowed;
            begins = allowed ? now : now + (long) (PUT_OFF * (0.5 + random.nextDouble()));
            // It lasts as long as it should, even if it begins late.
            ends = begins + length;
        }
        return paused;
    }

    /** When it changes next. */
    long next() {
        return paused ? ends : begins;
    }
}
