package org.medbackup.recovery.learn;

import java.time.Instant;
import org.medbackup.recovery.simulate.Stage;

/**
 * What a drill has shown of one stage of one application.
 *
 * @param time of the drill
 * @param application name in the plan
 * @param kind of the application, such as {@code postgresql}; {@code files} for plain files
 * @param stage which one
 * @param limiting what decided, as it was predicted
 * @param small whether what is restored is small files, each of which costs as much as many bytes
 * @param work that the stage's time goes with: bytes that are written, or bytes of log
 * @param model seconds that were predicted by the model alone, without what earlier drills had taught; 0 where there was none
 * @param actual seconds that it took
 */
public record Lesson(
        Instant time,
        String application,
        String kind,
        Stage stage,
        Limiting limiting,
        boolean small,
        double work,
        double model,
        double actual) {

    /** Entries of less than this on the average are small, in bytes. */
    public static final double SMALL = 64 << 10;

    public Lesson {
        if (!(work >= 0) || !(model >= 0) || !(actual >= 0)) {
            throw new IllegalArgumentException("work and times are not below zero");
        }
    }

    /** The same when it has been seen how long it took. */
    public Lesson taught(Instant when, double seconds) {
        return new Lesson(when, application, kind, stage, limiting, small, work, model, seconds);
    }
}
