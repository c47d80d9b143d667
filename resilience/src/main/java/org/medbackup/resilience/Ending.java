package org.medbackup.resilience;

import java.util.List;

/** How work ended that was tried until it was done. */
public sealed interface Ending<T> {

    /** What was met on the way, in order. */
    List<Trouble> troubles();

    /** How the last attempt was made. */
    Course course();

    /**
     * It is done.
     *
     * @param result of the attempt that succeeded
     */
    record Done<T>(T result, List<Trouble> troubles, Course course) implements Ending<T> {

        public Done {
            troubles = List.copyOf(troubles);
        }
    }

    /** It is not, and a person is needed; the last trouble says why. */
    record GivenUp<T>(List<Trouble> troubles, Course course) implements Ending<T> {

        public GivenUp {
            troubles = List.copyOf(troubles);
            if (troubles.isEmpty()) {
                throw new IllegalArgumentException("given up without a reason");
            }
        }

        /** Why it was given up. */
        public Trouble last() {
            return troubles.getLast();
        }
    }
}
