package org.medbackup.service;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.store.ObjectStore.Recall;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;

/**
 * Brings what a restore needs back from cold storage. What was asked for is known to the target: whoever is killed while he
 * waits asks for the rest when he begins again, and waits on.
 *
 * @param time for waiting
 * @param pricing what the policy says of it
 */
record Recalls(TimeSource time, RecallPricing pricing) {

    /** What it would take; all is readable where the target has no cold storage. */
    RecallPlan plan(Repository repository, RestoreRequest request, RecallOrder order, OperationLog log) {
        return repository
                .recall()
                .map(recall -> RecallSurvey.of(request.snapshot(), repository.packs(request, log), recall))
                .orElseGet(() -> RecallSurvey.atHand(request.snapshot(), repository.packs(request, log)))
                .plan(order, pricing);
    }

    /**
     * Waits until all that a restore needs can be read.
     *
     * @param order how it is brought back; null where nothing is to be asked for
     * @throws org.medbackup.core.error.RefusedException with {@link ErrorCode#OBJECT_OFFLINE} where it is not asked for, or
     *     has not come in time; with {@link ErrorCode#RECALL_TOO_SLOW} or {@link ErrorCode#RECALL_TOO_DEAR} where the order
     *     cannot be kept, before anything is asked for
     */
    void bring(Repository repository, RestoreRequest request, @Nullable RecallOrder order, OperationLog log) {
        Recall recall = repository.recall().orElse(null);
        if (recall == null) {
            return;
        }
        long begun = time.nanos();
        RecallSurvey survey = RecallSurvey.of(request.snapshot(), repository.packs(request, log), recall);
        RecallPlan plan = survey.plan(order == null ? RecallOrder.cheapest() : order, pricing);
        if (plan.isReady()) {
            return;
        }
        if (order == null) {
            throw ErrorCode.OBJECT_OFFLINE.because(
                    plan.waiting().packs() + " packs of " + plan.waiting().bytes() + " bytes cannot be read now");
        }
        Optional<RecallPlan.Refusal> refusal = plan.refusal(order);
        if (refusal.isPresent()) {
            throw refusal.get().code().because(refusal.get().message());
        }
        RecallSpeed chosen = plan.speed().orElseThrow();
        new RecallWindow(recall, order, chosen.speed(), time).bring(survey.coming(), survey.cold());
        log.phase(
                "recall",
                Outcome.SUCCESS,
                time.since(begun),
                Facts.of("asked", plan.cold().packs())
                        .and("waited", plan.coming().packs())
                        .and("bytes", plan.waiting().bytes())
                        .and("speed", chosen.speed())
                        .and("batches", plan.batches()));
    }
}
