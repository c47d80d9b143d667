package org.medbackup.governor.adapt;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;

/**
 * Tells a listener what happens. One that cannot keep an event does not end the protection of production: what it threw is
 * kept until the end.
 */
final class Announcer implements Happenings {

    private final EventSink events;
    private final TimeSource time;
    private final String operation;
    private volatile @Nullable RuntimeException refused;

    Announcer(EventSink events, TimeSource time, String operation) {
        this.events = events;
        this.time = time;
        this.operation = operation;
    }

    private void tell(BackupEvent event) {
        try {
            events.accept(event);
        } catch (RuntimeException failed) {
            refused = failed;
        }
    }

    private void found(ErrorCode code, Facts facts) {
        tell(new BackupEvent.Found(time.now(), operation, code, facts));
    }

    private void phase(String phase, long nanos, Facts facts) {
        tell(new BackupEvent.PhaseEnded(time.now(), operation, phase, Outcome.SUCCESS, Duration.ofNanos(nanos), facts));
    }

    @Override
    public void lost(String name) {
        found(ErrorCode.SIGNAL_LOST, Facts.of("protected", name));
    }

    @Override
    public void throttled(long before, long now) {
        phase("throttled", 0, Facts.of("before", before).and("rate", now));
    }

    @Override
    public void recovered(long rate, long nanos) {
        phase("recovered", nanos, Facts.of("rate", rate));
    }

    @Override
    public void missed(String name, double low, double high) {
        found(
                ErrorCode.IMPACT_BOUND_MISSED,
                Facts.of("protected", name)
                        .and("riseAtLeast", Math.round(low * 100) + " %")
                        .and("riseAtMost", Math.round(high * 100) + " %"));
    }

    /** Throws what a listener threw last, if any did. */
    void rethrow() {
        RuntimeException failed = refused;
        if (failed != null) {
            throw failed;
        }
    }
}
