package org.medbackup.resilience;

/**
 * A step of a recovery plan.
 *
 * @param action what is done
 * @param times how often, before the next step is taken
 */
public record Step(Action action, int times) {

    public Step {
        if (times < 1) {
            throw new IllegalArgumentException("a step that is taken " + times + " times");
        }
    }
}
