package org.medbackup.resilience;

/** What happens between a failure and what is done about it: the pause passes, one way or another. */
@FunctionalInterface
public interface Interlude {

    /**
     * Returns when the pause is over; or throws, and the work is taken up again later, with the past that it is given.
     *
     * @param trouble with its action, which is not {@link Action#STOP}, and its pause
     * @param past what was tried until now
     */
    void pass(Trouble trouble, Past past);
}
