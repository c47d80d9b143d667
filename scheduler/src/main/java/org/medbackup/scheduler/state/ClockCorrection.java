package org.medbackup.scheduler.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What a state says of times that have not come yet, because it was written by a clock that was ahead and was set back
 * since. Such a time would keep a job from running until it has come, and would say all the while that its objective is met.
 */
final class ClockCorrection {

    /** Clocks of workers may differ by so much. */
    static final Duration TOLERATED = Duration.ofMinutes(10);

    private ClockCorrection() {}

    /**
     * Forgets it: jobs count as never run, their restore points as none, runs for times that are still to come as not made.
     * What has begun and is not over goes on, and leases end as they would have.
     *
     * @param lease how long a lease is
     * @return how many rows were changed
     */
    static int make(Connection connection, Dialect dialect, Duration lease) throws SQLException {
        String now = dialect.now();
        String limit = now + " + " + TOLERATED.toMillis();
        int changed =
                Sql.change(connection, "UPDATE jobs SET configured_ms = " + now + " WHERE configured_ms > " + limit);
        for (String column :
                new String[] {"last_due_ms", "last_begun_ms", "last_ended_ms", "last_good_ms", "last_good_ended_ms"}) {
            changed += Sql.change(connection, "UPDATE jobs SET " + column + " = NULL WHERE " + column + " > " + limit);
        }
        changed += Sql.change(connection, "DELETE FROM good_points WHERE point_ms > " + limit);
        changed += Sql.change(
                connection, "DELETE FROM runs WHERE due_ms > " + limit + " AND state NOT IN ('PENDING', 'RUNNING')");
        changed += Sql.change(
                connection,
                "UPDATE runs SET not_before_ms = " + now + ", begun_ms = " + now + " WHERE " + RunTable.OPEN
                        + " AND state = 'PENDING' AND begun_ms > " + limit);
        changed += Sql.change(
                connection,
                "UPDATE runs SET lease_until_ms = " + now + " + ? WHERE " + RunTable.OPEN
                        + " AND state = 'RUNNING' AND lease_until_ms > " + limit + " + ?",
                lease.toMillis(),
                lease.toMillis());
        return changed;
    }
}
