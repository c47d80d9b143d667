package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.ContentCheck;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreResult;
import org.medbackup.recovery.plan.PlannedCheck;
import org.medbackup.recovery.rotation.PointRule;
import org.medbackup.recovery.simulate.Stage;
import org.medbackup.service.DrillResult.Check;
import org.medbackup.service.DrillResult.Network;
import org.medbackup.service.DrillResult.Recovered;
import org.medbackup.service.DrillResult.Timed;
import org.medbackup.service.PlanOperations.Held;

/** One application of a plan on its way back in a drill. One thread at a time. Closing stops what was started. */
final class DrilledApplication implements AutoCloseable {

    private static final Duration RECOVERY = Duration.ofHours(4);
    private static final Duration CONTENT = Duration.ofHours(2);

    private final Held held;
    private final @Nullable ApplicationRecovery recovery;
    private final Place place;
    private final Network network;
    private final Course course;
    private final List<Timed> stages = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private Stage now = Stage.RESTORE;
    private @Nullable RestoreResult restored;
    private ApplicationRecovery.@Nullable Recovered running;

    /**
     * Where it is brought up.
     *
     * @param folder that it is restored to
     * @param run for sockets and what it says
     * @param inside starts programs there
     */
    record Place(Path folder, Path run, Processes inside) {}

    /**
     * The drill that it is a part of.
     *
     * @param began when
     * @param start the same on the clock by which is measured
     * @param content checks of what was restored, before anything is started
     * @param choice how much is restored, and from which restore points
     */
    record Course(Instant began, long start, TimeSource time, List<ContentCheck> content, DrillOrder.Choice choice) {

        Duration now() {
            return time.since(start);
        }
    }

    /**
     * One.
     *
     * @param recovery starts it; null where its job backs up files
     * @param network in which it is started
     */
    DrilledApplication(Held held, @Nullable ApplicationRecovery recovery, Network network, Place place, Course course) {
        this.held = held;
        this.recovery = recovery;
        this.network = network;
        this.place = place;
        this.course = course;
    }

    /** Its name in the plan. */
    String name() {
        return held.application().name();
    }

    /**
     * Restores, starts and checks it. What fails is in the result, and nothing after it is begun.
     *
     * @param repository that it is in
     * @param there called when it answers
     */
    Recovered run(Repository repository, Runnable there, OperationLog log) {
        Duration begin = course.now();
        Stage failed = null;
        try {
            stage(Stage.RESTORE, () -> restore(repository, log));
            if (!course.content().isEmpty()) {
                stage(Stage.CHECK, this::content);
            }
            if (recovery != null) {
                stage(recovery.replays() ? Stage.REPLAY : Stage.START, () -> start(recovery, repository, log));
            }
            there.run();
            stage(Stage.CHECK, this::check);
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (BackupException broken) {
            failed = now;
            String why = "not made: " + now + " ended with " + broken.code();
            planned().forEach(each -> checks.add(DrillChecks.missed(each, why)));
        }
        Duration end = course.now();
        boolean right = failed == null && checks.stream().allMatch(Check::ok);
        log.phase(
                "recovered",
                right ? Outcome.SUCCESS : Outcome.FINDING,
                end.minus(begin),
                Facts.of("snapshot", held.snapshot()).and("files", restored == null ? 0 : restored.files()));
        return result(begin, end, failed);
    }

    private void stage(Stage stage, Runnable work) {
        now = stage;
        Duration begin = course.now();
        try {
            work.run();
        } finally {
            stages.add(new Timed(stage, begin, course.now()));
        }
    }

    private void restore(Repository repository, OperationLog log) {
        try {
            DrillFolder.create(place.folder());
            DrillFolder.create(place.run());
            if (recovery != null) {
                DrillFolder.makePassable(place.folder());
                DrillFolder.makePassable(place.run());
            }
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("no folder can be made for an application", failed);
        }
        RestoreResult result =
                repository.restore(DrillSample.request(repository, held, course.choice(), place.folder(), log), log);
        restored = result;
        if (recovery != null && result.damaged()) {
            throw ErrorCode.RESTORED_CONTENT_WRONG.because("some of its files are damaged in the repository");
        }
    }

    private void content() {
        for (ContentCheck each : course.content()) {
            var found = each.check(place.folder(), Deadline.after(course.time(), CONTENT));
            checks.add(DrillChecks.of(each.name(), found));
        }
    }

    private void start(ApplicationRecovery how, Repository repository, OperationLog log) {
        var files = new RestoredFiles(
                place.folder(), repository.find(held.snapshot(), log).evidence(), place.run());
        running = how.start(files, Deadline.after(course.time(), RECOVERY));
    }

    private void check() {
        RestoreResult result = restored;
        if (result != null) {
            var all = new DrillChecks(result, place.folder(), running, place.inside(), course.time());
            planned().forEach(each -> checks.add(all.run(each)));
        }
    }

    /** Of a sample only its files are looked at: nothing can be started on it. */
    private List<PlannedCheck> planned() {
        return held.application().checks().stream()
                .filter(each -> !course.choice().isPartial() || each.kind() == PlannedCheck.Kind.HASHES)
                .toList();
    }

    /** How old an old restore point is, is what was asked for: only the newest is held against what may be lost. */
    private Duration rpo() {
        return course.choice().points() == PointRule.NEWEST
                ? held.application().objectives().rpo()
                : Duration.ZERO;
    }

    private Recovered result(Duration begin, Duration end, @Nullable Stage failed) {
        RestoreResult files = restored;
        Instant newest =
                Optional.ofNullable(running).map(each -> each.reached().time()).orElse(null);
        Duration lost = Duration.between(newest == null ? held.point() : newest, course.began());
        return new Recovered(
                name(),
                held.snapshot(),
                held.point(),
                begin,
                end,
                held.application().objectives().rto(),
                newest,
                lost.isNegative() ? Duration.ZERO : lost,
                rpo(),
                files == null ? 0 : files.files(),
                files == null ? 0 : files.bytes().written(),
                stages,
                failed,
                recovery == null ? Network.NONE : network,
                checks);
    }

    @Override
    public void close() {
        if (running != null) {
            try {
                running.close();
            } catch (BackupException stubborn) {
                // What is left of it is killed with the drill, and counted.
                running = null;
            }
        }
    }
}
