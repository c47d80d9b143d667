package org.medbackup.expressions;

import java.util.Map;
import java.util.Set;

/** A condition that was checked. Immutable; safe for use by several threads. */
public interface Condition {

    /** As it was written. */
    String text();

    /** The variables on which it depends. */
    Set<String> variables();

    /** The texts and whole numbers that stand in it, from which values can be made for which it holds and does not. */
    Set<Object> constants();

    /**
     * Whether it holds.
     *
     * @param values of the variables, by name, each of its type; others do no harm
     * @throws org.medbackup.core.error.UsageException with
     *     {@link org.medbackup.core.error.ErrorCode#CONDITION_INVALID} where it divides by nothing, goes beyond the end of a
     *     list or does another thing that no check can foresee
     */
    boolean holds(Map<String, ?> values);
}
