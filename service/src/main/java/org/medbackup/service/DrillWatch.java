package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.scheduler.state.DrillLedger;
import org.medbackup.scheduler.state.Drilled;
import org.medbackup.scheduler.state.Drilled.Outcome;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.DrillEntry;
import org.medbackup.telemetry.Meters;

/**
 * Begins the drills of the configuration when it is their time, one at a time, and ends them where something in earnest needs the
 * machine: what gave way is inconclusive, not failed, and comes again at its next time. Safe for use by several threads.
 */
final class DrillWatch implements AutoCloseable {

    private static final Duration TURN = Duration.ofSeconds(2);
    private static final Duration STANDING = Duration.ofMinutes(1);

    /** A drill that is told to end has taken away by then what it restored, as a rule; if not, the next start does. */
    private static final Duration ENDING = Duration.ofSeconds(30);

    private final Parts parts;
    private final DrillPlanning planning;
    private final DrillLedger ledger;
    private final TimeSource time;
    private final OperationLog log;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Running running;
    private @Nullable Instant stood;

    /**
     * What it works with.
     *
     * @param configuration as it stands
     * @param runner carries drills out, in the calling thread, and ends by {@link CancelledException} where that is interrupted
     * @param threads in which they are carried out; it ends them
     * @param quiet whether one may begin or go on
     * @param reports makes incidents
     * @param meters shows how drills stand
     */
    record Parts(
            Supplier<Configuration> configuration,
            BiFunction<DrillEntry, List<DrillOrder>, DrillChain> runner,
            ExecutorService threads,
            DrillQuiet quiet,
            DrillReports reports,
            Meters meters) {}

    /** A drill that goes on, and why it was told to end; null where it was not. */
    private record Running(DrillTurn turn, long start, AtomicReference<@Nullable Outcome> end, Future<?> work) {}

    DrillWatch(Parts parts, DrillPlanning planning, DrillLedger ledger, TimeSource time, OperationLog log) {
        this.parts = parts;
        this.planning = planning;
        this.ledger = ledger;
        this.time = time;
        this.log = log;
    }

    /** Begins to look by itself, until it is closed. */
    void start() {
        Thread.ofPlatform().daemon().name("medbackup-drills").start(this::watch);
    }

    private void watch() {
        @Nullable ErrorCode said = null;
        while (closed.getCount() > 0) {
            @Nullable ErrorCode met = met();
            if (met != null && met != said) {
                // Once, not at each look: what lasts is said by whoever keeps the state.
                log.found(met, Facts.of("stage", "drills"));
            }
            said = met;
            try {
                if (closed.await(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** What a look has met; null where all is well. The next one tries again. */
    private @Nullable ErrorCode met() {
        try {
            look();
            return null;
        } catch (BackupException later) {
            return later.code();
        } catch (RuntimeException unforeseen) {
            return ErrorCode.INTERNAL;
        }
    }

    /** Ends what has to give way, begins what is to begin, and says what is overdue. */
    synchronized void look() {
        if (closed.getCount() == 0) {
            return;
        }
        Instant now = time.now();
        Running current = running;
        if (current != null && !current.work().isDone()) {
            giveWay(current, now);
            return;
        }
        running = null;
        Configuration configuration = parts.configuration().get();
        for (DrillEntry drill : configuration.drills().values()) {
            if (isBegun(drill, configuration, now)) {
                break;
            }
        }
        stand(configuration, now);
    }

    private void giveWay(Running current, Instant now) {
        DrillEntry drill = current.turn().drill();
        boolean tooLong =
                drill.longest().isPositive() && time.since(current.start()).compareTo(drill.longest()) > 0;
        boolean open =
                drill.schedule().hours(parts.configuration().get().governor()).isOpen(now);
        if (tooLong || !open || !parts.quiet().mayGoOn()) {
            end(current, tooLong ? Outcome.TOO_LONG : Outcome.INCONCLUSIVE);
        }
    }

    private static void end(Running current, Outcome why) {
        if (current.end().compareAndSet(null, why)) {
            current.work().cancel(true);
        }
    }

    private boolean isBegun(DrillEntry drill, Configuration configuration, Instant now) {
        Optional<Instant> due = planning.due(drill, configuration.governor(), now);
        if (due.isEmpty() || !parts.quiet().mayBegin()) {
            return false;
        }
        DrillTurn turn;
        try {
            turn = planning.turn(drill, configuration.governor(), due.get(), now);
        } catch (BackupException unusable) {
            ledger.use(drill.name(), due.get(), now);
            parts.reports().unusable(drill.name(), unusable.code());
            return false;
        }
        if (!ledger.use(drill.name(), due.get(), now) || turn.parts().isEmpty()) {
            return false;
        }
        begin(turn, now);
        return true;
    }

    private void begin(DrillTurn turn, Instant now) {
        var end = new AtomicReference<@Nullable Outcome>();
        long start = time.nanos();
        log.phase(
                "drill-begun",
                org.medbackup.core.event.Outcome.SUCCESS,
                Duration.ZERO,
                Facts.of("drill", turn.drill().name())
                        .and(
                                "applications",
                                turn.parts().stream()
                                        .mapToInt(each -> each.applications().size())
                                        .sum()));
        Future<?> work = parts.threads().submit(() -> drill(turn, now, start, end));
        running = new Running(turn, start, end, work);
    }

    private void drill(DrillTurn turn, Instant began, long start, AtomicReference<@Nullable Outcome> end) {
        String name = turn.drill().name();
        try {
            DrillChain chain = parts.runner().apply(turn.drill(), turn.orders());
            List<Drilled> drilled = DrillRecords.of(name, chain);
            remember(drilled);
            parts.reports().report(name, drilled, null);
            parts.reports().whole(name, chain);
        } catch (CancelledException ended) {
            // What is written down now is not to be ended too.
            boolean _ = Thread.interrupted();
            Outcome why = end.get();
            ended(turn, why == null ? Outcome.INCONCLUSIVE : why, null, began, start);
        } catch (BackupException failed) {
            boolean _ = Thread.interrupted();
            Outcome why = end.get();
            if (why == null) {
                ended(turn, Outcome.FAILED, failed.code(), began, start);
            } else {
                ended(turn, why, null, began, start);
            }
        } catch (RuntimeException unforeseen) {
            log.found(ErrorCode.INTERNAL, Facts.of("part", "drills"));
            ended(turn, Outcome.FAILED, ErrorCode.INTERNAL, began, start);
        }
    }

    private void ended(DrillTurn turn, Outcome outcome, @Nullable ErrorCode failure, Instant began, long start) {
        List<Drilled> drilled = DrillRecords.of(turn, outcome, began, time.since(start));
        remember(drilled);
        parts.reports().report(turn.drill().name(), drilled, failure);
    }

    /** What cannot be remembered is rehearsed once more than it has to be. */
    private void remember(List<Drilled> drilled) {
        try {
            ledger.record(drilled);
        } catch (BackupException unwritten) {
            log.found(unwritten.code(), Facts.of("stage", "drills"));
        }
    }

    /** Once a minute: what is overdue, and the gauges. */
    private void stand(Configuration configuration, Instant now) {
        Instant last = stood;
        if (last != null && !now.isBefore(last) && now.isBefore(last.plus(STANDING))) {
            return;
        }
        stood = now;
        List<DrillStatus> all = new ArrayList<>();
        for (DrillEntry drill : configuration.drills().values()) {
            try {
                List<DrillStatus> status = planning.status(drill, configuration.governor(), now);
                all.addAll(status);
                parts.reports().usable(drill.name());
                show(drill, status, now);
            } catch (BackupException unusable) {
                parts.reports().unusable(drill.name(), unusable.code());
            }
        }
        parts.reports().overdue(all);
    }

    private void show(DrillEntry drill, List<DrillStatus> status, Instant now) {
        Instant good = status.stream()
                .map(DrillStatus::good)
                .filter(java.util.Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
        long covered = status.stream()
                .filter(each -> each.good() != null && !each.overdue())
                .count();
        parts.meters()
                .drilled(
                        drill.name(),
                        good,
                        status.isEmpty() ? 0 : (double) covered / status.size(),
                        planning.errorPercent(drill, now).orElse(null));
    }

    /** A drill that goes on is ended, and what it restored is taken away. */
    @Override
    public void close() {
        closed.countDown();
        synchronized (this) {
            Running current = running;
            if (current != null && !current.work().isDone()) {
                end(current, Outcome.INCONCLUSIVE);
            }
        }
        parts.threads().shutdown();
        // Whoever closes was interrupted, as a rule.
        boolean interrupted = Thread.interrupted();
        try {
            if (!parts.threads().awaitTermination(ENDING.toMillis(), TimeUnit.MILLISECONDS)) {
                log.found(ErrorCode.DRILL_LEFT_TRACES, Facts.of("part", "ending"));
            }
        } catch (InterruptedException again) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
