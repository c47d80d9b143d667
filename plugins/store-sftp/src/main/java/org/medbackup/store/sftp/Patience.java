package org.medbackup.store.sftp;

import java.time.Duration;

/**
 * For how long a target may do nothing before a call is taken to hang. A call that was ended doubles what the next ones
 * get, up to a longest; each that is answered takes a second of that away. So a target that hangs is met early, and one
 * that is slow gets its answer through. Safe for use by several threads.
 */
final class Patience {

    private static final Duration STEP = Duration.ofSeconds(1);

    private final Duration usualControl;
    private final Duration usualData;
    private final Duration longest;
    private Duration control;
    private Duration data;

    /**
     * Of limits of its own.
     *
     * @param control of a call that moves no content: positive
     * @param data while content is sent or received, and until what was sent is durable: positive
     * @param longest what either grows to: not shorter than the two
     */
    Patience(Duration control, Duration data, Duration longest) {
        if (!control.isPositive()
                || !data.isPositive()
                || longest.compareTo(control) < 0
                || longest.compareTo(data) < 0) {
            throw new IllegalArgumentException("no limits of a silence: " + control + ", " + data + ", " + longest);
        }
        this.usualControl = control;
        this.usualData = data;
        this.longest = longest;
        this.control = control;
        this.data = data;
    }

    /** A hang is met within 5 s, and within 10 s where content moves. */
    static Patience usual() {
        return new Patience(Duration.ofMillis(4500), Duration.ofMillis(9500), Duration.ofSeconds(60));
    }

    /** How long is waited now. */
    synchronized Duration limit(boolean content) {
        return content ? data : control;
    }

    /** A call was ended. */
    synchronized void stalled(boolean content) {
        if (content) {
            data = shorter(longest, data.multipliedBy(2));
        } else {
            control = shorter(longest, control.multipliedBy(2));
        }
    }

    /** A call was answered. */
    synchronized void answered(boolean content) {
        if (content) {
            data = longer(usualData, data.minus(STEP));
        } else {
            control = longer(usualControl, control.minus(STEP));
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
