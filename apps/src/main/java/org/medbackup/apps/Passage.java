package org.medbackup.apps;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Application.Consistency;
import org.medbackup.core.spi.app.Application.Discovery;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;

/** One application on its way through the phases, alone or as a member of a group. Used by one thread, but for its thaw. */
final class Passage implements AutoCloseable {

    final PhaseRunner phases;
    final Application application;
    final FreezeWitness witness;

    /** Completed when the application said that it is not frozen, or exceptionally when it could not be thawed. */
    final CompletableFuture<Boolean> thawed = new CompletableFuture<>();

    private final TimeSource time;
    private final ConsistentBackup how;
    private final String run;
    private FreezeWitness.@Nullable Freeze freeze;
    private @Nullable Discovery found;
    private @Nullable Consistency reached;
    private boolean attempted;
    private boolean freezes;
    private long frozenAt;
    private long markedAt;
    private volatile long thawedAt;
    private boolean marked;

    Passage(ConsistentBackup how, Application application, String run) {
        this.time = how.time();
        this.application = application;
        this.witness = how.witness();
        this.how = how;
        this.run = run;
        this.phases = new PhaseRunner(how.time(), how.log(), how.budgets(), application);
    }

    void discoverAndCheck() {
        found = phases.call(Phase.DISCOVER, application::discover);
        requireReady(phases.call(Phase.CHECK, application::check));
    }

    private static void requireReady(List<Readiness> checks) {
        List<Readiness> failed = checks.stream().filter(check -> !check.ok()).toList();
        if (failed.isEmpty()) {
            return;
        }
        BackupException notReady = ErrorCode.APPLICATION_NOT_READY.because(
                failed.stream().map(Readiness::name).collect(Collectors.joining(", ")));
        failed.forEach(check -> notReady.with(check.name(), check.message() + "; " + check.remedy()));
        throw notReady;
    }

    void prepare() {
        attempted = true;
        freezes = phases.call(Phase.PREPARE, deadline -> {
            application.prepare(run, deadline);
            freeze = new FreezeWitness.Freeze(
                    application.address(), run, how.budgets().frozen(), application.freezeHandle());
            return application.freezes();
        });
    }

    boolean freezes() {
        return freezes;
    }

    FreezeWitness.Freeze freeze() {
        return known(freeze);
    }

    void freezeNow(FreezeLease lease) {
        frozenAt = time.nanos();
        phases.run(Phase.FREEZE, deadline -> lease.attempt(() -> application.freeze(deadline)));
    }

    void hasThawed() {
        thawedAt = time.nanos();
        thawed.complete(true);
    }

    void hasMarked() {
        marked = true;
        markedAt = time.nanos();
    }

    boolean isMarked() {
        return marked;
    }

    long markedAt() {
        return markedAt;
    }

    void copyAndVerify(CopySink sink) {
        phases.copy(() -> application.copy(sink));
        reached = phases.call(Phase.VERIFY, application::verify);
    }

    /** Cleans up where there may be something to clean up. */
    void after(Outcome outcome) {
        if (attempted) {
            phases.after(outcome);
        }
    }

    /**
     * What came of it.
     *
     * @param lowered why the data is not as of one point, or null
     */
    ApplicationRun result(@Nullable ErrorCode lowered) {
        Discovery discovery = known(found);
        Consistency consistency = known(reached);
        if (lowered != null && consistency.level() == ConsistencyLevel.APPLICATION_CONSISTENT) {
            consistency = new Consistency(
                    ConsistencyLevel.CRASH_CONSISTENT,
                    consistency.position(),
                    consistency.added(),
                    consistency.evidence());
        }
        Duration frozen = freezes ? Duration.ofNanos(thawedAt - frozenAt) : Duration.ZERO;
        return new ApplicationRun(
                discovery, consistency, frozen, frozen.plus(consistency.added()), phases.timings(), lowered);
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("its phase has not been");
        }
        return value;
    }

    @Override
    public void close() {
        phases.close();
    }
}
