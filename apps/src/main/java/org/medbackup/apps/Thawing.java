package org.medbackup.apps;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;

/**
 * Thaws an application, again where it fails or hangs.
 *
 * @param limit of one attempt
 */
record Thawing(TimeSource time, Application application, Duration limit) implements Runnable {

    static final int ATTEMPTS = 3;
    private static final Duration PAUSE = Duration.ofMillis(200);

    /**
     * Returns when it has thawed.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#THAW_FAILED}
     */
    @Override
    public void run() {
        BackupException last = attempt(Duration.ZERO);
        for (int attempt = 2; last != null && attempt <= ATTEMPTS; attempt++) {
            last = attempt(PAUSE);
        }
        if (last != null) {
            throw ErrorCode.THAW_FAILED
                    .because(ATTEMPTS + " attempts failed", last)
                    .with("application", application.address());
        }
    }

    private @Nullable BackupException attempt(Duration pause) {
        // An attempt that hangs is not waited for: the next one may come through another connection.
        var call = new PhaseThread.Call(Phase.THAW.label(), limit.plus(pause), Duration.ZERO, false);
        try (var thread = new PhaseThread(time)) {
            return thread.<@Nullable BackupException>run(call, () -> {
                time.sleep(pause);
                application.thaw(Deadline.after(time, limit));
                return null;
            });
        } catch (BackupException failed) {
            return failed;
        }
    }
}
