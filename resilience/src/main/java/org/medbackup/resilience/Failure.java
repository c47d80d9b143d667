package org.medbackup.resilience;

import java.util.List;
import java.util.Set;
import org.medbackup.core.spi.notify.Severity;

/**
 * A failure of the catalogue: how it is known, and what is done about it.
 *
 * @param id of lower-case letters, digits and hyphens; stable
 * @param title what happened, in one sentence
 * @param area where it lies
 * @param nature what kind it is
 * @param common whether it belongs to those of which 95 % have to end without a person
 * @param mending where it is mended
 * @param signs any of which it is known by; none where no stage of a job hears of it
 * @param plan what is done, in order; ends with {@link Action#STOP}, and is empty where no stage hears of it
 * @param ends how it is meant to end
 * @param severity how much a person is needed where the plan has come to its end
 * @param remedy what that person does
 */
public record Failure(
        String id,
        String title,
        Area area,
        Nature nature,
        boolean common,
        Mending mending,
        List<Sign> signs,
        List<Step> plan,
        Expectation ends,
        Severity severity,
        String remedy) {

    public Failure {
        signs = List.copyOf(signs);
        plan = List.copyOf(plan);
        if (!id.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException("not the id of a failure: " + id);
        }
        boolean heardOf = mending == Mending.STAGES;
        if (heardOf && (plan.isEmpty() || plan.getLast().action() != Action.STOP)) {
            throw new IllegalArgumentException("the plan of " + id + " has no end");
        }
        if (!heardOf && !(plan.isEmpty() && signs.isEmpty())) {
            throw new IllegalArgumentException("no stage hears of " + id + ", and it has signs or a plan");
        }
    }

    /**
     * What is done when it is met.
     *
     * @param met how often it was met before in this stage of this job
     * @param possible actions that can be done here; what cannot is passed over
     */
    public Action action(int met, Set<Action> possible) {
        int taken = 0;
        for (Step step : plan) {
            if (step.action() == Action.STOP || !possible.contains(step.action())) {
                continue;
            }
            taken += step.times();
            if (met < taken) {
                return step.action();
            }
        }
        return Action.STOP;
    }
}
