package org.medbackup.scheduler.state;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs and their leases. What a worker writes carries the epoch with which it took the run; a row that another worker has
 * taken since has a higher one, and no row is changed then.
 */
final class RunTable {

    /** Word for word the condition of the index of open runs: without it SQLite reads all runs there ever were. */
    static final String OPEN = "state IN ('PENDING', 'RUNNING')";

    private static final String HELD = " WHERE id = ? AND epoch = ? AND worker = ? AND state = 'RUNNING'";

    private final Dialect dialect;
    private final String worker;
    private final String host;

    RunTable(Dialect dialect, String worker, String host) {
        this.dialect = dialect;
        this.worker = worker;
        this.host = host;
    }

    /** Makes a run, unless there is one for that time, or one that is open, or the plan is out of date. */
    boolean enqueue(Connection connection, String id, NewRun run, boolean byHand) throws SQLException {
        if (!JobTable.count(connection, run, byHand)) {
            // The answer to the same call may have been lost.
            return !Sql.rows(connection, "SELECT 1 FROM runs WHERE id = ?", row -> row.getInt(1), id)
                    .isEmpty();
        }
        int made = Sql.change(
                connection,
                "INSERT INTO runs (id, job, state, due_ms, deadline_ms, priority, pinned_host, not_before_ms, begin_by_ms)"
                        + " VALUES (?, ?, 'PENDING', ?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING",
                id,
                run.job(),
                run.due(),
                run.deadline(),
                run.priority(),
                run.pinnedHost(),
                run.beginBy());
        if (made == 0) {
            // The count and the time that was used up must not stay either.
            connection.rollback();
            return false;
        }
        for (Map.Entry<String, Integer> use : run.uses().entrySet()) {
            Sql.change(
                    connection,
                    "INSERT INTO run_uses (run, resource, most) VALUES (?, ?, ?)",
                    id,
                    use.getKey(),
                    use.getValue());
        }
        return true;
    }

    /** Takes the most urgent run that may be taken here: one that waits, or one whose worker's lease is over. */
    @Nullable
    Lease claim(Connection connection, Set<String> jobs, Duration lease, Instant now) throws SQLException {
        dialect.alone(connection);
        List<@Nullable Object> values = new ArrayList<>();
        Collections.addAll(values, worker, host, lease.toMillis(), now, now, now, host);
        values.addAll(jobs);
        String clock = dialect.now();
        List<Lease> taken = Sql.rows(
                connection,
                "UPDATE runs SET state = 'RUNNING', worker = ?, host = ?, epoch = epoch + 1, attempts = attempts + 1,"
                        + " lease_until_ms = " + clock + " + ?, begun_ms = COALESCE(begun_ms, ?)"
                        + " WHERE id = (SELECT r.id FROM runs r WHERE r." + OPEN + " AND (r.state = 'PENDING'"
                        + " OR (r.state = 'RUNNING' AND r.lease_until_ms < " + clock + "))"
                        + " AND r.cancel_requested = 0 AND r.not_before_ms <= ?"
                        + " AND (r.attempts > 0 OR r.begin_by_ms > ?)"
                        + " AND (r.pinned_host IS NULL OR r.pinned_host = ?)"
                        + " AND r.job IN (" + String.join(", ", Collections.nCopies(jobs.size(), "?")) + ")"
                        + " AND NOT EXISTS (SELECT 1 FROM run_uses u WHERE u.run = r.id AND u.most <="
                        + " (SELECT COUNT(*) FROM run_uses o JOIN runs x ON x.id = o.run WHERE o.resource = u.resource"
                        + " AND x.id <> r.id AND x.state = 'RUNNING'))"
                        + " ORDER BY r.deadline_ms, r.priority DESC, r.due_ms, r.job LIMIT 1" + dialect.skipLocked()
                        + ") RETURNING id, job, epoch, attempts, published_epoch",
                row -> new Lease(
                        row.getString("id"),
                        row.getString("job"),
                        row.getLong("epoch"),
                        row.getInt("attempts"),
                        Sql.number(row, "published_epoch") != null,
                        null),
                values.toArray());
        if (taken.isEmpty()) {
            return null;
        }
        Lease one = taken.getFirst();
        JobTable.begun(connection, one.job(), now);
        List<byte[]> left = Sql.rows(
                connection, "SELECT content FROM checkpoints WHERE run = ?", row -> row.getBytes(1), one.run());
        byte[] checkpoint = left.isEmpty() ? null : left.getFirst();
        return new Lease(one.run(), one.job(), one.epoch(), one.attempt(), one.published(), checkpoint);
    }

    /** Whether there may be a run to take. A look at nothing must not hold up those who take something. */
    boolean hasFree(Connection connection, Instant now) throws SQLException {
        return !Sql.rows(
                        connection,
                        "SELECT 1 FROM runs WHERE " + OPEN + " AND (state = 'PENDING' OR lease_until_ms < "
                                + dialect.now() + ") AND not_before_ms <= ? LIMIT 1",
                        row -> row.getInt(1),
                        now)
                .isEmpty();
    }

    /** Runs of this worker that nobody has taken from it, each with whether it is to end. */
    List<Held> renew(Connection connection, Duration lease) throws SQLException {
        return Sql.rows(
                connection,
                "UPDATE runs SET lease_until_ms = " + dialect.now() + " + ? WHERE " + OPEN
                        + " AND worker = ? AND state = 'RUNNING' RETURNING id, epoch, cancel_requested",
                row -> new Held(row.getString("id"), row.getLong("epoch"), row.getInt("cancel_requested") != 0),
                lease.toMillis(),
                worker);
    }

    boolean isHeld(Connection connection, String run, long epoch) throws SQLException {
        return !Sql.rows(connection, "SELECT 1 FROM runs" + HELD, row -> row.getInt(1), run, epoch, worker)
                .isEmpty();
    }

    boolean checkpoint(Connection connection, String run, long epoch, byte[] content) throws SQLException {
        // The row of the run is locked until the commit, so that nobody takes it between this and the checkpoint.
        if (Sql.change(connection, "UPDATE runs SET worker = worker" + HELD, run, epoch, worker) == 0) {
            return false;
        }
        Sql.change(
                connection,
                "INSERT INTO checkpoints (run, epoch, at_ms, content) VALUES (?, ?, " + dialect.now() + ", ?)"
                        + " ON CONFLICT (run) DO UPDATE SET epoch = excluded.epoch, at_ms = excluded.at_ms,"
                        + " content = excluded.content",
                run,
                epoch,
                content);
        return true;
    }

    boolean publish(Connection connection, String run, long epoch) throws SQLException {
        return Sql.change(
                        connection,
                        "UPDATE runs SET published_epoch = epoch" + HELD
                                + " AND (published_epoch IS NULL OR published_epoch = epoch)",
                        run,
                        epoch,
                        worker)
                > 0;
    }

    boolean release(Connection connection, String run, long epoch, Instant notBefore) throws SQLException {
        return Sql.change(
                        connection,
                        "UPDATE runs SET state = 'PENDING', lease_until_ms = 0, not_before_ms = ?" + HELD,
                        notBefore,
                        run,
                        epoch,
                        worker)
                > 0;
    }

    boolean finish(Connection connection, String run, long epoch, RunResult result, Instant now) throws SQLException {
        List<String> ended = Sql.rows(
                connection,
                "UPDATE runs SET state = ?, ended_ms = ?, failure = ?, snapshots = ?, lease_until_ms = 0" + HELD
                        + " RETURNING job",
                row -> row.getString(1),
                result.state().name(),
                now,
                result.failure(),
                String.join(",", result.snapshots()),
                run,
                epoch,
                worker);
        if (ended.isEmpty()) {
            // The answer to the same call may have been lost.
            return !Sql.rows(
                            connection,
                            "SELECT 1 FROM runs WHERE id = ? AND epoch = ? AND worker = ? AND state = ?",
                            row -> row.getInt(1),
                            run,
                            epoch,
                            worker,
                            result.state().name())
                    .isEmpty();
        }
        leave(connection, run);
        String job = ended.getFirst();
        JobTable.ended(connection, job, result, now);
        Instant point = result.goodPoint();
        if (point != null) {
            for (String target : result.targets()) {
                for (String snapshot : result.snapshots()) {
                    var made = new CataloguedPoint(
                            target, snapshot, job, host, point, CataloguedPoint.Kind.COMPLETE, null);
                    Catalogue.put(connection, dialect, made);
                }
            }
        }
        return true;
    }

    /** Ends what waits and was not begun in time, and what somebody wants to end and nobody holds. */
    int settle(Connection connection, Instant now) throws SQLException {
        dialect.alone(connection);
        List<Map.Entry<String, String>> over = Sql.rows(
                connection,
                "UPDATE runs SET state = 'CANCELLED', ended_ms = ? WHERE " + OPEN
                        + " AND ((state = 'PENDING' AND attempts = 0"
                        + " AND begin_by_ms <= ?) OR (cancel_requested = 1 AND (state = 'PENDING'"
                        + " OR (state = 'RUNNING' AND lease_until_ms < " + dialect.now() + ")))) RETURNING id, job",
                row -> Map.entry(row.getString(1), row.getString(2)),
                now,
                now);
        for (Map.Entry<String, String> each : over) {
            leave(connection, each.getKey());
            JobTable.ended(connection, each.getValue(), RunResult.without(RunState.CANCELLED, null), now);
        }
        return over.size();
    }

    private static void leave(Connection connection, String run) throws SQLException {
        Sql.change(connection, "DELETE FROM run_uses WHERE run = ?", run);
        Sql.change(connection, "DELETE FROM checkpoints WHERE run = ?", run);
    }

    static int cancel(Connection connection, String job) throws SQLException {
        return Sql.change(connection, "UPDATE runs SET cancel_requested = 1 WHERE job = ? AND " + OPEN, job);
    }

    static int prune(Connection connection, Instant endedBefore) throws SQLException {
        Sql.change(connection, "DELETE FROM asked_runs WHERE at_ms < ?", endedBefore);
        return Sql.change(
                connection, "DELETE FROM runs WHERE ended_ms < ? AND state NOT IN ('PENDING', 'RUNNING')", endedBefore);
    }

    static List<RunRecord> open(Connection connection) throws SQLException {
        return Sql.rows(connection, "SELECT * FROM runs WHERE " + OPEN + " ORDER BY job", RunTable::record);
    }

    static Optional<RunRecord> of(Connection connection, String id) throws SQLException {
        return Sql.rows(connection, "SELECT * FROM runs WHERE id = ?", RunTable::record, id).stream()
                .findFirst();
    }

    /**
     * Makes a run under a key, unless one was made under it.
     *
     * @return the run of that key; null where none could be made
     */
    @Nullable
    AskedRun ask(Connection connection, String id, NewRun run, String key, Instant now) throws SQLException {
        List<AskedRun> before = Sql.rows(
                connection,
                "SELECT * FROM asked_runs WHERE asked_as = ?",
                row -> new AskedRun(row.getString("asked_as"), row.getString("job"), row.getString("run")),
                key);
        if (!before.isEmpty()) {
            return before.getFirst();
        }
        if (!enqueue(connection, id, run, true)) {
            return null;
        }
        Sql.change(
                connection,
                "INSERT INTO asked_runs (asked_as, job, run, at_ms) VALUES (?, ?, ?, ?)",
                key,
                run.job(),
                id,
                now);
        return new AskedRun(key, run.job(), id);
    }

    static List<RunRecord> ofJob(Connection connection, String job, int most) throws SQLException {
        return Sql.rows(
                connection,
                "SELECT * FROM runs WHERE job = ? ORDER BY due_ms DESC LIMIT " + most,
                RunTable::record,
                job);
    }

    private static RunRecord record(ResultSet row) throws SQLException {
        return new RunRecord(
                row.getString("id"),
                row.getString("job"),
                RunState.valueOf(row.getString("state")),
                Instant.ofEpochMilli(row.getLong("due_ms")),
                Instant.ofEpochMilli(row.getLong("begin_by_ms")),
                Instant.ofEpochMilli(row.getLong("not_before_ms")),
                row.getInt("attempts"),
                row.getLong("epoch"),
                row.getString("worker"),
                row.getString("host"),
                row.getString("pinned_host"),
                Sql.instant(row, "begun_ms"),
                Sql.instant(row, "ended_ms"),
                row.getInt("cancel_requested") != 0,
                Sql.number(row, "published_epoch") != null,
                row.getString("failure"),
                ids(row.getString("snapshots")));
    }

    private static List<String> ids(@Nullable String joined) {
        return joined == null || joined.isEmpty() ? List.of() : List.of(joined.split(","));
    }
}
