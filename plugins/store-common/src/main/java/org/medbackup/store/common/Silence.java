package org.medbackup.store.common;

import java.time.Duration;

/**
 * For how long a target may do nothing before a call is taken to hang. Immutable.
 *
 * @param control of a call that moves no content: positive
 * @param data while content is sent or received, and until what was sent is answered: positive
 * @param longest what either grows to at a target that is slow and works: not shorter than the two
 */
public record Silence(Duration control, Duration data, Duration longest) {

    /** Checks the limits. */
    public Silence {
        if (!control.isPositive()
                || !data.isPositive()
                || longest.compareTo(control) < 0
                || longest.compareTo(data) < 0) {
            throw new IllegalArgumentException("no limits of a silence: " + control + ", " + data + ", " + longest);
        }
    }

    /** A hang is met within 5 s, and within 10 s where content moves; a look of the watch is left for it. */
    public static Silence usual() {
        return new Silence(Duration.ofMillis(4500), Duration.ofMillis(9500), Duration.ofSeconds(60));
    }

    /** The same for all. */
    public static Silence of(Duration silence) {
        return new Silence(silence, silence, silence);
    }
}
