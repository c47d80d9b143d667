package org.medbackup.service;

import java.time.Duration;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore.Recall;
import org.medbackup.core.spi.store.ObjectStore.Recall.Readiness;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;

/**
 * Brings what a restore needs back from cold storage. What was asked for is known to the target: whoever is killed while he
 * waits asks for the rest when he begins again, and waits on.
 */
final class Recalls {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    private final TimeSource time;

    Recalls(TimeSource time) {
        this.time = time;
    }

    /** What it would take; all is readable where the target has no cold storage. */
    RecallPlan plan(Repository repository, RestoreRequest request, OperationLog log) {
        return look(repository, request, log)
                .map(RecallPlan.Looked::plan)
                .orElseGet(() -> RecallPlan.look(request.snapshot(), repository.packs(request, log), new AtHand())
                        .plan());
    }

    /** A target without cold storage. */
    private static final class AtHand implements Recall {

        @Override
        public Readiness readiness(ObjectName name) {
            return Readiness.READABLE;
        }

        @Override
        public void request(ObjectName name, Speed speed, Duration keep) {
            // It is there.
        }
    }

    private static Optional<RecallPlan.Looked> look(Repository repository, RestoreRequest request, OperationLog log) {
        return repository
                .recall()
                .map(recall -> RecallPlan.look(request.snapshot(), repository.packs(request, log), recall));
    }

    /**
     * Waits until all that a restore needs can be read.
     *
     * @param order how it is brought back; null where nothing is to be asked for
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#OBJECT_OFFLINE} where it is not asked for, or
     *     has not come in time
     */
    void bring(Repository repository, RestoreRequest request, @Nullable RecallOrder order, OperationLog log) {
        Recall recall = repository.recall().orElse(null);
        if (recall == null) {
            return;
        }
        long begun = time.nanos();
        RecallPlan.Looked looked = RecallPlan.look(request.snapshot(), repository.packs(request, log), recall);
        RecallPlan plan = looked.plan();
        if (plan.isReady()) {
            return;
        }
        if (order == null) {
            throw ErrorCode.OBJECT_OFFLINE.because(
                    plan.cold().packs() + plan.coming().packs() + " packs of "
                            + (plan.cold().bytes() + plan.coming().bytes()) + " bytes cannot be read now");
        }
        for (ObjectName each : looked.cold()) {
            recall.request(each, order.speed(), order.keep());
        }
        await(looked.waiting(), recall, order, begun);
        log.phase(
                "recall",
                Outcome.SUCCESS,
                time.since(begun),
                Facts.of("asked", plan.cold().packs())
                        .and("waited", plan.coming().packs())
                        .and("bytes", plan.cold().bytes() + plan.coming().bytes()));
    }

    /** One after the other, since they come together: so each is asked about few times, whatever their number. */
    private void await(Deque<ObjectName> waiting, Recall recall, RecallOrder order, long begun) {
        Duration pause = FIRST_PAUSE;
        while (!waiting.isEmpty()) {
            Readiness readiness = recall.readiness(waiting.getFirst());
            if (readiness == Readiness.READABLE) {
                waiting.removeFirst();
                continue;
            }
            if (readiness == Readiness.COLD) {
                // Its time was over before the others came.
                recall.request(waiting.getFirst(), order.speed(), order.keep());
            }
            if (time.since(begun).plus(pause).compareTo(order.patience()) > 0) {
                throw ErrorCode.OBJECT_OFFLINE.because(waiting.size() + " packs were asked for and have not come in "
                        + order.patience().toHours() + " h; call it again to wait on");
            }
            time.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }
}
