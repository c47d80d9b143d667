package org.medbackup.telemetry;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.health.Health;
import org.medbackup.core.health.HealthFinding;

/** Whether a loop still turns. Safe for use by several threads. */
public final class Liveness {

    /** A loop that has not turned for longer is stuck. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TimeSource time;
    private volatile long turned;

    /** The loop turns now. */
    public Liveness(TimeSource time) {
        this.time = time;
        this.turned = time.nanos();
    }

    /** Called by the loop, each time it comes round; at least every few seconds. */
    public void turned() {
        turned = time.nanos();
    }

    /** Whether it has turned lately. A supervisor is told that all is well (WATCHDOG=1) only while it has. */
    public boolean isLive() {
        return time.since(turned).compareTo(PATIENCE) <= 0;
    }

    /** How the program is doing, with what others have found. */
    public Health health(Collection<HealthFinding> findings) {
        boolean now = isLive();
        Health health = new Health(now, List.copyOf(findings));
        return now
                ? health
                : health.with(List.of(new HealthFinding(
                        ErrorCode.PROGRAM_STALLED,
                        "the loop has not turned for " + time.since(turned).toSeconds() + " s",
                        true)));
    }
}
