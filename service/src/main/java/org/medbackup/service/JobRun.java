package org.medbackup.service;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.RefusedException;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Course;
import org.medbackup.resilience.Ending;
import org.medbackup.resilience.Orchestrator;
import org.medbackup.resilience.Past;
import org.medbackup.resilience.Trouble;
import org.medbackup.resilience.Work;
import org.medbackup.service.config.JobEntry;

/**
 * One run of a job, stage by stage: it stores, proves, copies, makes up for copies of earlier runs, and gives up what is not
 * to be kept. Each stage is tried until it is done, and none undoes another.
 */
final class JobRun {

    /** A copy that cannot be made now is made by the next run, so a run does not wait long for it. */
    private static final Duration FOR_COPIES = Duration.ofMinutes(10);

    /** A pause in which another run can do something. */
    private static final Duration LONG_PAUSE = Duration.ofSeconds(20);

    private final MedBackup product;
    private final Orchestrator orchestrator;
    private final JobEntry job;
    private final JobTargets targets;
    private final CopyLedger copies;
    private final CopyPlan plan;
    private final CopyMaker maker;
    private final TimeSource time;
    private final OperationLog log;
    private final RunHold hold;
    private final List<Trouble> troubles = new ArrayList<>();

    /** Targets that did not take or give a copy: none is waited for again for the next one. */
    private final Set<String> silent = new HashSet<>();

    private JobState state = JobState.SUCCEEDED;

    JobRun(
            MedBackup product,
            Orchestrator orchestrator,
            JobEntry job,
            JobTargets targets,
            CopyLedger copies,
            TimeSource time,
            OperationLog log,
            RunHold hold) {
        this.product = product;
        this.orchestrator = orchestrator;
        this.job = job;
        this.targets = targets;
        this.copies = copies;
        this.plan = new CopyPlan(job, copies, time);
        this.maker = new CopyMaker(product, targets, copies);
        this.time = time;
        this.log = log;
        this.hold = hold;
    }

    JobResult run() {
        long begun = time.nanos();
        Ending<StoredByJob> ending = stored();
        if (!(ending instanceof Ending.Done<StoredByJob>(StoredByJob stored, var _, Course course))) {
            boolean refused = troubles.getLast().cause() instanceof RefusedException;
            return new JobResult(
                    job.name(),
                    refused ? JobState.REFUSED : JobState.FAILED,
                    List.of(),
                    CopyLedger.REPOSITORY,
                    Duration.ZERO,
                    ending.course().attempt(),
                    time.since(begun),
                    troubles,
                    0,
                    null);
        }
        atLeast(stored.state());
        // Of what an earlier worker has committed too.
        stored.snapshots().forEach(each -> plan.wanted(each, stored.target()));
        VerifyLevel level = job.verify();
        if (level != null) {
            stage(new VerifyStage(product, job, targets, stored, level), job.retryFor());
        }
        makeUp(each -> true);
        lock(stored.snapshots(), stored.target());
        // Nothing is given up for a restore point that could not be proven.
        boolean proven = state.compareTo(JobState.INCOMPLETE) <= 0;
        if (proven && !job.keep().isEmpty() && stored.target().equals(CopyLedger.REPOSITORY)) {
            stage("retention", stored.target(), job.retryFor(), () -> {
                product.forgetOfTheSame(targets.access(stored.target()), job.keep(), stored.snapshots());
                return true;
            });
        }
        Path file = product.configuration().file();
        if (file != null) {
            site(file, stored);
        }
        int missing = missing(stored);
        if (missing > 0) {
            atLeast(JobState.DEGRADED);
        }
        return new JobResult(
                job.name(),
                state,
                stored.snapshots(),
                stored.target(),
                stored.frozen(),
                course.attempt(),
                time.since(begun),
                troubles,
                missing,
                stored.point());
    }

    /**
     * What belongs to the site comes last, as a restore point of its own, at the same targets: whoever has what was backed up has
     * all that is needed to go on with it on a new machine.
     */
    private void site(Path configuration, StoredByJob stored) {
        if (hold.equals(RunHold.NONE)) {
            // Where a daemon runs, it is the one that reads.
            product.catalogue().follow(targets, places(stored.snapshots(), stored.target()), log);
        }
        var follower = new BackupRequest.Follower() {
            @Override
            public void committing(String ticket) {
                plan.wanted(ticket, stored.target());
            }
        };
        String site = stage(
                "site",
                stored.target(),
                job.retryFor(),
                () -> product.backUpSite(targets.access(stored.target()), configuration, follower));
        if (site != null) {
            makeUp(each -> each.snapshot().equals(site));
            lock(List.of(site), stored.target());
        }
    }

    /** The targets that have restore points now. */
    private Set<String> places(List<String> snapshots, String stored) {
        Set<String> places = new LinkedHashSet<>(List.of(stored));
        places.addAll(job.copies());
        copies.missing().stream()
                .filter(each -> snapshots.contains(each.snapshot()))
                .forEach(each -> places.remove(each.to()));
        return places;
    }

    /** Makes the locks of restore points last, and of all under a legal hold, at each target that locks and has them. */
    private void lock(List<String> snapshots, String stored) {
        for (String place : places(snapshots, stored)) {
            if (product.locks().areAt(targets.location(place))) {
                stage("lock", place, job.retryFor(), () -> {
                    extend(place, snapshots);
                    return true;
                });
            }
        }
    }

    /** A writer's key sets locks and cannot see what they hold; then a maintainer makes them last. */
    private void extend(String place, List<String> snapshots) {
        try {
            product.locks().extendWithHeld(targets.access(place), snapshots);
        } catch (UsageException role) {
            if (role.code() != ErrorCode.KEY_ROLE_INSUFFICIENT) {
                throw role;
            }
        }
    }

    private int missing(StoredByJob stored) {
        return (int) copies.missing().stream()
                .filter(each -> stored.snapshots().contains(each.snapshot()))
                .count();
    }

    /** Makes the copies of this run, and those that earlier ones could not make. */
    private void makeUp(Predicate<CopyLedger.Missing> which) {
        for (CopyLedger.Missing each : copies.missing().stream().filter(which).toList()) {
            boolean ours =
                    each.to().equals(CopyLedger.REPOSITORY) || job.copies().contains(each.to());
            if (ours && !silent.contains(each.from()) && !silent.contains(each.to()) && !isMade(each)) {
                silent.add(each.to());
            }
        }
    }

    private boolean isMade(CopyLedger.Missing copy) {
        Boolean made = stage("copy", copy.to(), FOR_COPIES, () -> maker.isCopied(copy));
        if (made == null) {
            maker.isGivenUp(copy, troubles.getLast().cause());
            return false;
        }
        maker.settle(copy, made, time.now());
        return true;
    }

    /** A stage about which nothing can be done but to try again. */
    private <T> @Nullable T stage(String name, String target, Duration patience, Supplier<T> attempt) {
        return stage(new LaterStage<>(name, target, attempt), patience);
    }

    /**
     * A stage after the one that stores; null where it was given up. Then what is stored is safe and less was done with it
     * than was meant, unless it is damaged.
     */
    private <T> @Nullable T stage(Work<T> work, Duration patience) {
        Ending<T> ending = ending(work, patience);
        if (ending instanceof Ending.Done<T> done) {
            return done.result();
        }
        boolean damaged = troubles.getLast().cause() instanceof DamageException;
        atLeast(damaged ? JobState.FAILED : JobState.DEGRADED);
        return null;
    }

    private record LaterStage<T>(String stage, String target, Supplier<T> work) implements Work<T> {

        @Override
        public String resource(Course course) {
            return target;
        }

        @Override
        public Set<Action> possible() {
            return EnumSet.of(Action.FREE_STATE);
        }

        @Override
        public T attempt(Course course) {
            return work.get();
        }
    }

    /**
     * The stage that stores. Where it is to wait for long, the run is put off if it can be, so that others have its place; it
     * goes on with its plan, and with what is left of its time.
     */
    private Ending<StoredByJob> stored() {
        Optional<RunHold.PutOff> before = hold.putOff();
        Deadline deadline = Deadline.after(time, before.map(this::left).orElse(job.retryFor()));
        return orchestrator.run(
                new BackupStage(product, job, targets, hold, plan),
                deadline,
                this::met,
                before.map(RunHold.PutOff::past).orElse(Past.NOTHING),
                (trouble, past) -> {
                    Duration pause = trouble.pause();
                    if (trouble.action() == Action.RETRY && pause.compareTo(LONG_PAUSE) >= 0) {
                        Instant until = time.now().plus(deadline.remaining());
                        hold.putOff(new RunHold.PutOff(past, until), pause);
                    }
                    time.sleep(pause);
                });
    }

    private Duration left(RunHold.PutOff before) {
        Duration left = Duration.between(time.now(), before.until());
        // Whoever set the clock back has not given it more.
        return left.compareTo(job.retryFor()) > 0 ? job.retryFor() : left;
    }

    private <T> Ending<T> ending(Work<T> work, Duration patience) {
        return orchestrator.run(work, Deadline.after(time, patience), this::met);
    }

    private void met(Trouble trouble) {
        troubles.add(trouble);
        if (trouble.action() == Action.FREE_STATE) {
            // First: what is written down about it needs the room too.
            product.freeState();
        }
        log.found(
                trouble.cause().code(),
                Facts.of("failure", trouble.failure().id())
                        .and("resource", trouble.resource())
                        .and("stage", trouble.stage())
                        .and("attempt", trouble.attempt())
                        .and("action", trouble.action())
                        .and("pauseSeconds", trouble.pause().toMillis() / 1000.0));
    }

    private void atLeast(JobState other) {
        if (other.compareTo(state) > 0) {
            state = other;
        }
    }
}
