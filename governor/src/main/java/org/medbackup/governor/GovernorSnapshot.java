package org.medbackup.governor;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.throttle.Throttle.Resource;

/**
 * What this process has done with each resource until a moment, for metrics. Reading it changes nothing.
 *
 * @param accounts one for each resource, in their order
 */
public record GovernorSnapshot(List<Account> accounts) {

    public GovernorSnapshot {
        accounts = List.copyOf(accounts);
    }

    /**
     * One resource. Amounts are bytes, of processors nanoseconds; {@link Limits#NONE} where there is no limit.
     *
     * @param resource which
     * @param limit the host's, a second ({@code governor_limit})
     * @param ceiling what all open jobs together may use a second, by the host's limit and their own; {@link Limits#NONE} too
     *     where no job is open
     * @param total used since the start of the process, in whole blocks of a disk ({@code governor_usage_bytes_total})
     * @param byAll the same by the host's ledger: of all processes that share it, without jobs that are exempt from it
     * @param highest the fullest second since the limit was set, as a part of it, 0 where there was none
     *     ({@code governor_window_max_ratio}); of processors always 0
     * @param waitedNanos of all threads together ({@code governor_wait_seconds_total})
     * @param inFlight granted and not yet used or given back ({@code governor_inflight})
     * @param reason the rule whose limit on all of it is the strictest, "job" where only jobs have limits, null where there is
     *     none ({@code governor_reason})
     */
    public record Account(
            Resource resource,
            long limit,
            long ceiling,
            long total,
            long byAll,
            double highest,
            long waitedNanos,
            long inFlight,
            @Nullable String reason) {}

    /** The account of a resource. */
    public Account of(Resource resource) {
        return accounts.stream()
                .filter(account -> account.resource() == resource)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no account of " + resource));
    }
}
