package org.medbackup.service;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.governor.LimitKind;
import org.medbackup.governor.RateFloor;
import org.medbackup.governor.WorkClass;
import org.medbackup.governor.adapt.Adaptation;
import org.medbackup.governor.adapt.ImpactReport;
import org.medbackup.governor.adapt.Tuning;
import org.medbackup.service.config.GovernorEntry;

/**
 * Operations yield to what of production the configuration protects, and say at their end what they did to it. Several at
 * a time share one adaptation. Safe for use by several threads.
 */
final class Yielding {

    private final Settings settings;
    private final EventSink sink;
    private @Nullable Adaptation adaptation;
    private int shifts;

    Yielding(Settings settings, EventSink sink) {
        this.settings = settings;
        this.sink = sink;
    }

    /** An operation that yields, until it is closed. */
    final class Shift implements AutoCloseable {

        private final @Nullable Adaptation shared;
        private final RateFloor.@Nullable Hold minimum;
        private final long begun = settings.time().nanos();

        private Shift(@Nullable Adaptation shared, RateFloor.@Nullable Hold minimum) {
            this.shared = shared;
            this.minimum = minimum;
        }

        /** Says what was measured since the adaptation began. */
        void report(OperationLog log) {
            if (shared != null) {
                for (ImpactReport report : shared.reports()) {
                    log.phase(
                            "impact",
                            Outcome.SUCCESS,
                            settings.time().since(begun),
                            Facts.of("protected", report.name()).and("measured", report.text()));
                }
            }
        }

        @Override
        public void close() {
            if (minimum != null) {
                minimum.close();
            }
            if (shared != null) {
                leave(shared);
            }
        }
    }

    /**
     * Begins an operation. Restores and logs yield to nothing: somebody waits for them.
     *
     * @param keepsSnapshot whether something of production waits for its end
     */
    Shift begin(WorkClass work, boolean keepsSnapshot) {
        GovernorEntry entry = settings.configuration().governor();
        boolean yields = work == WorkClass.INCREMENTAL || work == WorkClass.FULL || work == WorkClass.MAINTENANCE;
        if (!yields || entry.protections().isEmpty()) {
            return new Shift(null, null);
        }
        Adaptation shared = join(entry);
        OptionalLong least = entry.snapshotMinimum().of(LimitKind.DISK_READ);
        return new Shift(shared, keepsSnapshot && least.isPresent() ? shared.hold(least.getAsLong()) : null);
    }

    private synchronized Adaptation join(GovernorEntry entry) {
        Adaptation running = adaptation;
        if (running == null) {
            running = Adaptation.start(
                    settings.governor(), entry.protections(), Tuning.standard().withDegraded(entry.degraded()), sink);
            adaptation = running;
        }
        shifts++;
        return running;
    }

    private synchronized void leave(Adaptation shared) {
        if (--shifts == 0) {
            adaptation = null;
            shared.close();
        }
    }
}
