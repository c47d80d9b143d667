package org.medbackup.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.health.Health;
import org.medbackup.core.spi.notify.Severity;

/**
 * What Prometheus shows of this program: a few metrics with a few labels each. Labels hold names of the configuration and
 * words of this program; never a path, a person, a host or a message. Of each label there are at most {@value #MOST_NAMES}
 * values; what is more is shown as {@code other} and counted ({@code medbackup_label_overflow_total}).
 *
 * <p>Safe for use by several threads. What nobody has told yet is not shown, so tell of every job at the start
 * ({@link #protectedBy}): then also one that never ran is seen.
 */
public final class Meters {

    /** Jobs, targets or channels that are shown by name. */
    public static final int MOST_NAMES = 500;

    private static final Duration[] RUNS = {
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofMinutes(30),
        Duration.ofHours(1),
        Duration.ofHours(3),
        Duration.ofHours(8),
        Duration.ofDays(1)
    };
    private static final Duration[] SHORT = {
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicReference<Boolean> live = new AtomicReference<>(true);
    private final AtomicReference<Boolean> ready = new AtomicReference<>(true);
    private final Labels jobs = labels("job_name");
    private final Labels targets = labels("target");
    private final Labels channels = labels("channel");
    private final Labels failures = labels("failure_id");
    private final Labels actions = labels("action");
    private final Labels codes = labels("code");
    private final Gauges lastSuccess = gauges(
            "medbackup.last.success.timestamp.seconds",
            "When the newest good restore point of a job was made; 0 for never");
    private final Gauges lastVerified = gauges(
            "medbackup.last.verified.restore.timestamp.seconds",
            "When a restore point of a job was last proven; 0 for never");
    private final Gauges rpo = gauges("medbackup.rpo.seconds", "How old the newest good restore point of a job may be");
    private final Gauges rpoSlack = gauges(
            "medbackup.rpo.slack.seconds", "How long a job stays within its RPO; negative where it has missed it");
    private final Gauges circuits =
            gauges("medbackup.circuit.state", "Whether a target is asked: 0 it is, 1 once for a trial, 2 it is not");
    private final Gauges tokens =
            gauges("medbackup.retry.budget.tokens", "How many retries a target may still get now");
    private final Gauges incidents = gauges("medbackup.incident.open", "Incidents that are not over, by severity");
    private final Gauges copies = gauges("medbackup.copies.missing", "Copies that are still to be made, by target");
    private final Labels drills = labels("drill");
    private final Gauges lastDrill = gauges(
            "medbackup.drill.last.good.timestamp.seconds",
            "When an application of a drill was last rehearsed whole and well; 0 for never");
    private final Gauges coverage = gauges(
            "medbackup.drill.coverage.ratio", "Share of the applications of a drill rehearsed within their period");
    private final Gauges drillError = gauges(
            "medbackup.drill.error.percent", "By how much the last prediction of a drill was off; above 0: too short");
    private final Gauges work = gauges("medbackup.work.items", "Pieces of work by what has become of them");

    private Meters() {
        Gauge.builder("medbackup.live", live, value -> value.get() ? 1 : 0)
                .description("1 where the program turns")
                .register(registry);
        Gauge.builder("medbackup.ready", ready, value -> value.get() ? 1 : 0)
                .description("1 where work can be done")
                .register(registry);
        for (Severity each : Severity.values()) {
            incidents.begin(Tags.of("severity", word(each)), 0);
        }
        for (Outcome each : Outcome.values()) {
            counter("medbackup.run", "Runs of jobs that are over, by how", Tags.of("outcome", word(each)));
        }
        timer("medbackup.first.retry.delay", "How long after a failure it is tried again first", Tags.empty(), SHORT);
        timer(
                "medbackup.lease.takeover",
                "From the end of a dead worker's lease until another had it",
                Tags.empty(),
                SHORT);
        timer("medbackup.scheduler.lag", "How late a run begins", Tags.empty(), SHORT);
        fenced();
    }

    /** Nothing has happened yet. */
    public static Meters create() {
        return new Meters();
    }

    /** Everything, in the text format 0.0.4 of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    private Labels labels(String label) {
        return new Labels(
                MOST_NAMES,
                () -> counter(
                                "medbackup.label.overflow",
                                "Values of a label that were not shown, since there were too many or they were no names",
                                Tags.of("label", label))
                        .increment());
    }

    private Gauges gauges(String name, String description) {
        return new Gauges(registry, name, description);
    }

    private Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    private Timer timer(String name, String description, Tags tags, Duration[] buckets) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** That a job protects something, and how well it should; at the start, and where the configuration changes. */
    public void protectedBy(String job, @Nullable Duration target) {
        Tags tags = Tags.of("job_name", jobs.of(job));
        lastSuccess.begin(tags, 0);
        lastVerified.begin(tags, 0);
        if (target != null) {
            rpo.set(tags, seconds(target));
        }
    }

    /** When the newest good restore point of a job was made. */
    public void succeeded(String job, Instant when) {
        lastSuccess.set(Tags.of("job_name", jobs.of(job)), when.toEpochMilli() / 1000.0);
    }

    /** When a restore point of a job was last proven. */
    public void verified(String job, Instant when) {
        lastVerified.set(Tags.of("job_name", jobs.of(job)), when.toEpochMilli() / 1000.0);
    }

    /** How long a job stays within its RPO; negative where it has missed it. */
    public void rpoSlack(String job, Duration slack) {
        rpoSlack.set(Tags.of("job_name", jobs.of(job)), seconds(slack));
    }

    /** A run of a job is over. */
    public void runEnded(Outcome outcome, Duration took) {
        counter("medbackup.run", "Runs of jobs that are over, by how", Tags.of("outcome", word(outcome)))
                .increment();
        timer("medbackup.run.duration", "How long runs of jobs took", Tags.empty(), RUNS)
                .record(took);
    }

    /** An operation that is no job is over. */
    public void operationEnded(String action, Outcome outcome) {
        counter(
                        "medbackup.operation",
                        "Operations that are over, by what and how",
                        Tags.of("action", actions.of(action), "outcome", word(outcome)))
                .increment();
    }

    /** Something was found that a person should know of. */
    public void found(String code) {
        counter("medbackup.finding", "What was met on the way, by code", Tags.of("code", codes.of(code)))
                .increment();
    }

    /** A failure of the catalogue was met, and what was done: {@code retry}, {@code spill}, {@code stop} and so on. */
    public void failure(String failure, String outcome) {
        counter(
                        "medbackup.failure",
                        "Failures of the catalogue that were met, by what was done",
                        Tags.of("failure_id", failures.of(failure), "outcome", actions.of(outcome)))
                .increment();
    }

    /** How long after a first failure it is tried again. */
    public void firstRetry(Duration delay) {
        timer("medbackup.first.retry.delay", "How long after a failure it is tried again first", Tags.empty(), SHORT)
                .record(delay);
    }

    /** Whether a target is asked. */
    public enum Circuit {
        /** It is. */
        CLOSED,
        /** Once, for a trial. */
        HALF_OPEN,
        /** It is not. */
        OPEN
    }

    /** Whether a target is asked. */
    public void circuit(String target, Circuit state) {
        double value = switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
        circuits.set(Tags.of("target", targets.of(target)), value);
    }

    /** How many retries a target may still get now. */
    public void retryBudget(String target, double left) {
        tokens.set(Tags.of("target", targets.of(target)), left);
    }

    /** Bytes that went through a stage. */
    public enum Stage {
        /** Read from a source. */
        READ,
        /** Sent to a target. */
        SENT,
        /** Written by a restore. */
        RESTORED
    }

    /** Bytes that went through a stage; what is not positive is nothing. */
    public void bytes(Stage stage, long count) {
        if (count > 0) {
            counter("medbackup.bytes", "Bytes that went through a stage", Tags.of("stage", word(stage)))
                    .increment((double) count);
        }
    }

    /** Files that were done; what is not positive is nothing. */
    public void files(long count) {
        if (count > 0) {
            counter("medbackup.files", "Files that were done", Tags.empty()).increment((double) count);
        }
    }

    /** From the end of a dead worker's lease until another had it. */
    public void leaseTakenOver(Duration took) {
        timer(
                        "medbackup.lease.takeover",
                        "From the end of a dead worker's lease until another had it",
                        Tags.empty(),
                        SHORT)
                .record(took);
    }

    private Counter fenced() {
        return counter("medbackup.fenced.writes", "Writes of workers that had lost their lease, refused", Tags.empty());
    }

    /** A write of a worker that had lost its lease was refused. */
    public void fencedWrite() {
        fenced().increment();
    }

    /** How late a run begins. */
    public void schedulerLag(Duration lag) {
        timer("medbackup.scheduler.lag", "How late a run begins", Tags.empty(), SHORT)
                .record(lag);
    }

    /** How many incidents of a severity are not over. */
    public void incidentsOpen(Severity severity, int count) {
        incidents.set(Tags.of("severity", word(severity)), count);
    }

    /** A channel was given a message. */
    public void notification(String channel, boolean taken) {
        counter(
                        "medbackup.notification",
                        "Messages to people, by channel and whether it took them",
                        Tags.of("channel", channels.of(channel), "result", taken ? "taken" : "failed"))
                .increment();
    }

    /** How many copies are still to be made at a target. */
    public void copiesMissing(String target, int count) {
        copies.set(Tags.of("target", targets.of(target)), count);
    }

    /**
     * How a drill stands.
     *
     * @param good when an application of it was last rehearsed whole and well; {@link Instant#EPOCH} for never
     * @param covered share of its applications that were within their period
     * @param errorPercent by how much its last prediction was off; null where there was none
     */
    public void drilled(String drill, Instant good, double covered, @Nullable Double errorPercent) {
        Tags tags = Tags.of("drill", drills.of(drill));
        lastDrill.set(tags, good.toEpochMilli() / 1000.0);
        coverage.set(tags, covered);
        if (errorPercent != null) {
            drillError.set(tags, errorPercent);
        }
    }

    /** What has become of a piece of work. */
    public enum WorkState {
        /** It waits. */
        WAITING,
        /** Somebody does it. */
        LEASED,
        /** It is done. */
        DONE,
        /** Nobody tries it any more. */
        GIVEN_UP
    }

    /** How many pieces of work are in a state. */
    public void workItems(WorkState state, long count) {
        work.set(Tags.of("state", word(state)), (double) count);
    }

    /** How the program is doing. */
    public void health(Health health) {
        live.set(health.live());
        ready.set(health.ready());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
