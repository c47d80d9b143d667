package org.medbackup.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.scheduler.state.JobRecord;
import org.medbackup.scheduler.state.NewRun;
import org.medbackup.scheduler.state.RunRecord;
import org.medbackup.scheduler.state.RunState;

/** Jobs as a planner sees them, to be changed by a test. */
final class Scene {

    final Map<String, Situation> situations = new TreeMap<>();
    private final Instant configured;

    Scene(RuleBook book, Instant configured) {
        this.configured = configured;
        book.jobs().values().forEach(each -> put(each.name(), null, null, null, null, null, null, 0));
    }

    private void put(
            String job,
            @Nullable Instant due,
            @Nullable Instant begun,
            @Nullable Instant ended,
            @Nullable RunState state,
            @Nullable Instant good,
            @Nullable Instant goodEnded,
            int failures) {
        Situation before = situations.get(job);
        Duration predicted = before == null ? Duration.ofMinutes(10) : before.predicted();
        situations.put(
                job,
                new Situation(
                        new JobRecord(job, configured, false, 0, due, begun, ended, state, good, goodEnded, failures),
                        null,
                        predicted));
    }

    /** A good run for a time, ten minutes long. */
    Scene good(String job, Instant due) {
        Instant ended = due.plus(Duration.ofMinutes(10));
        put(job, due, due, ended, RunState.SUCCEEDED, due, ended, 0);
        return this;
    }

    Scene failed(String job, Instant due, Instant ended, RunState state, int failures) {
        JobRecord known = known(job);
        put(job, due, due, ended, state, known.lastGood(), known.lastGoodEnded(), failures);
        return this;
    }

    Scene paused(String job) {
        JobRecord known = known(job);
        situations.put(
                job,
                new Situation(
                        new JobRecord(
                                job,
                                configured,
                                true,
                                0,
                                known.lastDue(),
                                known.lastBegun(),
                                known.lastEnded(),
                                known.lastState(),
                                known.lastGood(),
                                known.lastGoodEnded(),
                                0),
                        null,
                        Duration.ofMinutes(10)));
        return this;
    }

    Scene open(String job, RunState state, Instant begun) {
        return open(job, state, begun, Instant.EPOCH);
    }

    Scene putOff(String job, Instant begun, Instant until) {
        return open(job, RunState.PENDING, begun, until);
    }

    private Scene open(String job, RunState state, Instant begun, Instant notBefore) {
        Situation before = before(job);
        var run = new RunRecord(
                "id",
                job,
                state,
                begun,
                NewRun.NEVER,
                notBefore,
                1,
                1,
                null,
                null,
                null,
                begun,
                null,
                false,
                false,
                null,
                java.util.List.of());
        situations.put(job, new Situation(before.known(), run, before.predicted()));
        return this;
    }

    Scene takes(String job, Duration predicted) {
        Situation before = before(job);
        situations.put(job, new Situation(before.known(), before.open(), predicted));
        return this;
    }

    private Situation before(String job) {
        Situation before = situations.get(job);
        if (before == null) {
            throw new IllegalArgumentException(job);
        }
        return before;
    }

    private JobRecord known(String job) {
        return before(job).known();
    }
}
