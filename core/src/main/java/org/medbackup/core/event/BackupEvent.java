package org.medbackup.core.event;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/** One thing that happened in one operation. Never holds patient data but in {@link Facts#veiled()}. */
public sealed interface BackupEvent {

    /** Wall clock. */
    Instant time();

    /** Id of the running command or job, the same for all its events. */
    String operation();

    /** An operation begins. */
    record Started(Instant time, String operation, String action, Actor actor, Facts facts) implements BackupEvent {}

    /** A step of an operation is over. */
    record PhaseEnded(Instant time, String operation, String phase, Outcome outcome, Duration took, Facts facts)
            implements BackupEvent {}

    /** Something that a person should know of was met on the way. */
    record Found(Instant time, String operation, ErrorCode code, Facts facts) implements BackupEvent {}

    /**
     * What backups may use of the machine has changed.
     *
     * @param actor who changed it: a person, whoever the configuration file belongs to, or the calendar
     * @param rule that changed, as status names it
     * @param before what held, as limits are written; empty where nothing was limited
     * @param now what holds from then on
     */
    record LimitChanged(Instant time, String operation, Actor actor, String rule, String before, String now)
            implements BackupEvent {}

    /** How far an operation is; for showing only, never recorded. Totals are negative while they are unknown. */
    record Progress(Instant time, String operation, long files, long bytes, long totalFiles, long totalBytes)
            implements BackupEvent {}

    /** An operation is over. */
    record Ended(
            Instant time,
            String operation,
            String action,
            Actor actor,
            Outcome outcome,
            @Nullable ErrorCode code,
            Duration took,
            Facts facts)
            implements BackupEvent {}
}
