package org.medbackup.scheduler;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done at an instant. Immutable.
 *
 * @param starts jobs that are to begin now, the most urgent first
 * @param waiting all other jobs, by name
 * @param next when to look again, where nothing else happens before; null where only something else helps
 */
record Plan(
        List<Start> starts,
        Map<String, Waiting> waiting,
        @Nullable Instant next) {

    /** Why a job begins. */
    enum Cause {
        /** A time of its timetable. */
        TIME,
        /** Its last good restore point will soon be too old. */
        OBJECTIVE,
        /** Its last run failed. */
        RETRY,
        /** Those it depends on have succeeded. */
        DEPENDENCIES
    }

    /**
     * A job that is to begin.
     *
     * @param job its name
     * @param due identifies the run
     * @param urgency the last instant at which it should begin
     * @param beginBy after that it must not begin
     * @param cause why
     */
    record Start(String job, Instant due, Instant urgency, Instant beginBy, Cause cause) {}

    /**
     * A job that does not begin.
     *
     * @param reason why
     * @param until when that ends, as far as it can be told
     * @param on the job, host or target on which it waits
     */
    record Waiting(
            WaitReason reason,
            @Nullable Instant until,
            @Nullable String on) {}
}
