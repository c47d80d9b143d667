package org.medbackup.control;

import org.jspecify.annotations.Nullable;

/**
 * Which runs are wanted.
 *
 * @param job only those of it; null for all
 * @param state only those in it; null for all
 * @param cursor where the page before has ended ({@link RunPage#next}); null for the first page
 * @param limit how many at most, from 1 to {@link #MOST}
 */
public record RunQuery(
        @Nullable String job,
        @Nullable RunState state,
        @Nullable String cursor,
        int limit) {

    /** The longest page. */
    public static final int MOST = 500;

    public RunQuery {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("a page has 1 to " + MOST + " runs");
        }
    }
}
