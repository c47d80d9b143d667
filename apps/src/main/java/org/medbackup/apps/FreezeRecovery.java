package org.medbackup.apps;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;

/**
 * Thaws what a process that is gone has left frozen, as the journal tells it. To be called at every start, and at boot.
 * What a living process holds within its time is left alone.
 *
 * @param journal what may be frozen
 * @param time clocks
 * @param log hears of each thaw, and of each entry that could not be dealt with
 * @param limit of one attempt to thaw; there are three
 * @param opener opens an application anew; what it opens is closed
 */
public record FreezeRecovery(
        FreezeJournal journal,
        TimeSource time,
        OperationLog log,
        Duration limit,
        Function<Frozen, Application> opener) {

    /**
     * What became of the entries.
     *
     * @param thawed applications that said that they are not frozen; their entries are removed
     * @param held entries of processes that live; left alone
     * @param failed applications that could not be thawed; their entries are kept for the next time
     * @param broken entries that cannot be read; kept
     */
    public record Result(int thawed, int held, int failed, int broken) {

        /** Whether nothing is left to do. */
        public boolean isClean() {
            return failed == 0 && broken == 0;
        }
    }

    private enum Fate {
        THAWED,
        HELD,
        FAILED
    }

    /**
     * Replays the journal, all entries at once: one that hangs or fails does not keep the others frozen.
     *
     * @throws BackupException with {@link ErrorCode#STATE_UNUSABLE} when the journal cannot be read
     */
    public Result replay() {
        FreezeJournal.Contents contents = journal.read();
        for (String entry : contents.broken()) {
            log.found(ErrorCode.FREEZE_JOURNAL_DAMAGED, Facts.of("entry", entry));
        }
        List<Fate> fates = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Fate>> replayed = contents.frozen().stream()
                    .map(frozen -> threads.submit((Callable<Fate>) () -> replay(frozen)))
                    .toList();
            for (Future<Fate> each : replayed) {
                fates.add(await(each));
            }
        }
        return new Result(
                count(fates, Fate.THAWED),
                count(fates, Fate.HELD),
                count(fates, Fate.FAILED),
                contents.broken().size());
    }

    private static int count(List<Fate> fates, Fate fate) {
        return (int) fates.stream().filter(fate::equals).count();
    }

    private static Fate await(Future<Fate> replayed) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return replayed.get();
                } catch (InterruptedException later) {
                    // What is frozen is thawed first.
                    interrupted = true;
                } catch (ExecutionException failed) {
                    throw new IllegalStateException("an entry could not be replayed", failed.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Fate replay(Frozen frozen) {
        if (frozen.isHeld(Frozen.Origin.here(time))) {
            return Fate.HELD;
        }
        Facts facts = Facts.of("application", frozen.application()).and("run", frozen.run());
        long started = time.nanos();
        try (Application application = opener.apply(frozen)) {
            new Thawing(time, application, limit).run();
            journal.remove(frozen);
        } catch (BackupException failed) {
            log.found(failed.code(), facts);
            return Fate.FAILED;
        } catch (RuntimeException unforeseen) {
            log.found(ErrorCode.INTERNAL, facts);
            return Fate.FAILED;
        }
        log.phase(Phase.THAW.label(), Outcome.SUCCESS, time.since(started), facts);
        return Fate.THAWED;
    }
}
