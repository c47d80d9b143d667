package org.medbackup.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.scheduler.state.JobRecord;
import org.medbackup.scheduler.state.NewRun;
import org.medbackup.scheduler.state.RunRecord;
import org.medbackup.scheduler.state.RunState;

/**
 * Where a job stands, as planning needs it. Immutable.
 *
 * @param known of the job
 * @param open its run that still has to be done
 * @param predicted how long its next run takes; of a hundred about five take longer
 */
record Situation(JobRecord known, @Nullable RunRecord open, Duration predicted) {

    /** So many of the last runs tell how long the next one takes. */
    static final int RUNS_THAT_TELL = 20;

    private static final int FEW = 3;

    /** The 95th of a hundred by nearest rank; of fewer than three runs the longest, and not less than is expected. */
    static Duration predicted(JobRules rules, List<Duration> durations) {
        if (durations.isEmpty()) {
            return rules.expected();
        }
        List<Duration> sorted = durations.stream().sorted().toList();
        Duration longest = sorted.getLast();
        if (sorted.size() < FEW) {
            return longest.compareTo(rules.expected()) > 0 ? longest : rules.expected();
        }
        int rank = (int) Math.ceil(0.95 * sorted.size());
        return sorted.get(rank - 1);
    }

    /** With a run that begins, as a forecast has it. */
    Situation begun(Instant at, Instant due) {
        var run = new RunRecord(
                "",
                known.name(),
                RunState.RUNNING,
                due,
                NewRun.NEVER,
                Instant.EPOCH,
                1,
                1,
                null,
                null,
                null,
                at,
                null,
                false,
                false,
                null,
                List.of());
        var after = new JobRecord(
                known.name(),
                known.configuredAt(),
                known.paused(),
                known.enqueued() + 1,
                due,
                at,
                known.lastEnded(),
                known.lastState(),
                known.lastGood(),
                known.lastGoodEnded(),
                known.failures());
        return new Situation(after, run, predicted);
    }

    /** With its run ended well, as a forecast has it. */
    Situation ended(Instant at) {
        var after = new JobRecord(
                known.name(),
                known.configuredAt(),
                known.paused(),
                known.enqueued(),
                known.lastDue(),
                known.lastBegun(),
                at,
                RunState.SUCCEEDED,
                known.lastBegun(),
                at,
                0);
        return new Situation(after, null, predicted);
    }
}
