package org.medbackup.store.sftp;

import java.time.Duration;
import org.medbackup.store.common.Silence;

/**
 * For how long a target may do nothing before a call is taken to hang. A call that was ended doubles what the next ones
 * get, up to a longest; each that is answered takes a second of that away. So a target that hangs is met early, and one
 * that is slow gets its answer through. Safe for use by several threads.
 */
final class Patience {

    private static final Duration STEP = Duration.ofSeconds(1);

    private final Silence silence;
    private Duration control;
    private Duration data;

    Patience(Silence silence) {
        this.silence = silence;
        this.control = silence.control();
        this.data = silence.data();
    }

    /** How long is waited now. */
    synchronized Duration limit(boolean content) {
        return content ? data : control;
    }

    /** A call was ended. */
    synchronized void stalled(boolean content) {
        if (content) {
            data = shorter(silence.longest(), data.multipliedBy(2));
        } else {
            control = shorter(silence.longest(), control.multipliedBy(2));
        }
    }

    /** A call was answered. */
    synchronized void answered(boolean content) {
        if (content) {
            data = longer(silence.data(), data.minus(STEP));
        } else {
            control = longer(silence.control(), control.minus(STEP));
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
