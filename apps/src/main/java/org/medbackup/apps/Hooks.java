package org.medbackup.apps;

import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/**
 * The programs around the backup of one application; each may be null.
 *
 * @param pre before anything is prepared
 * @param freeze stops the application's writes; needs {@code thaw}
 * @param thaw lets it write again; runs also when {@code freeze} failed or timed out, may run more than once and from
 *     another process, and must then succeed too
 * @param post at the end, whatever came of the backup
 */
public record Hooks(
        @Nullable Hook pre,
        @Nullable Hook freeze,
        @Nullable Hook thaw,
        @Nullable Hook post) {

    /** Refuses a freeze without a thaw, with {@link ErrorCode#HOOK_REFUSED}. */
    public Hooks {
        if (freeze != null && thaw == null) {
            throw ErrorCode.HOOK_REFUSED.because("a freeze hook has no thaw hook");
        }
    }

    /** Only what is left to do for an application that another process has frozen. */
    public static Hooks thawing(@Nullable Hook thaw) {
        return new Hooks(null, null, thaw, null);
    }
}
