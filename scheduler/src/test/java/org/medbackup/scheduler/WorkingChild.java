package org.medbackup.scheduler;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.scheduler.state.RunResult;
import org.medbackup.scheduler.state.Store;
import org.medbackup.scheduler.state.TestDatabase;

/**
 * A worker in a process of its own, whose runs take 1.5 s in 15 steps. Arguments: address and password of the database,
 * name, host, milliseconds of a lease.
 */
final class WorkingChild {

    /** Begun by hand only; one may run on the host "one" alone. */
    static final RuleBook RULES =
            RuleBook.of(List.of(job("shared0"), job("files").onlyOn("one")), new RuleBook.Limits(9, 9, Map.of()));

    private static final int STEPS = 15;

    private WorkingChild() {}

    private static JobRules job(String name) {
        return JobRules.at(name, Timetable.Daily.at(ZoneOffset.UTC, LocalTime.MIDNIGHT))
                .whenMissed(Missed.SKIP, Duration.ofSeconds(1));
    }

    public static void main(String[] arguments) throws Exception {
        Store store = TestDatabase.Address.store(arguments[0], arguments[1]);
        SchedulerSettings settings = SchedulerSettings.usual(arguments[2], arguments[3])
                .withTimes(
                        Duration.ofMillis(250), Duration.ofMillis(Long.parseLong(arguments[4])), Duration.ofSeconds(5))
                .withHorizon(Duration.ZERO);
        try (Scheduler scheduler = Scheduler.start(
                settings, store, RULES, WorkingChild::work, WorkingChild::say, TimeSource.system(), Entropy.system())) {
            System.out.println("ready");
            // Ends with the test that holds the other end of the pipe.
            int end = System.in.read();
            System.out.println("closing " + end + scheduler.list().size());
        }
    }

    private static RunResult work(Claim claim) {
        int from = claim.checkpoint()
                .map(left -> Integer.parseInt(new String(left, StandardCharsets.UTF_8)))
                .orElse(0);
        System.out.println("work " + claim.job() + " attempt " + claim.attempt() + " from " + from);
        try {
            for (int step = from; step < STEPS; step++) {
                TimeSource.system().sleep(Duration.ofMillis(100));
                claim.assertHeld();
                claim.checkpoint(Integer.toString(step + 1).getBytes(StandardCharsets.UTF_8));
                System.out.println("step " + claim.job() + " " + (step + 1));
            }
            if (claim.publish()) {
                System.out.println("published " + claim.job() + " epoch " + claim.epoch());
            }
        } catch (BackupException stopped) {
            System.out.println("stopped " + claim.job() + " " + stopped.code() + " " + claim.stop());
            throw stopped;
        }
        return RunResult.good(TimeSource.system().now());
    }

    private static void say(SchedulerEvent event) {
        switch (event) {
            case SchedulerEvent.Ended ended -> System.out.println("ended " + ended.job() + " " + ended.state());
            case SchedulerEvent.Fenced fenced -> System.out.println("fenced " + fenced.job());
            case SchedulerEvent.StateLost lost -> System.out.println("lost " + lost.code());
            default -> System.out.println("event");
        }
    }
}
