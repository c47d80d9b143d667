package org.medbackup.scheduler.state;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is known of jobs, and of the restore points that they made. */
final class JobTable {

    private JobTable() {}

    static void configure(Connection connection, Collection<String> names, Instant now) throws SQLException {
        for (String name : names) {
            Sql.change(
                    connection,
                    "INSERT INTO jobs (name, configured_ms) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                    name,
                    now);
        }
    }

    static List<JobRecord> all(Connection connection) throws SQLException {
        return Sql.rows(connection, "SELECT * FROM jobs ORDER BY name", JobTable::record);
    }

    static boolean pause(Connection connection, String name, boolean paused) throws SQLException {
        return Sql.change(connection, "UPDATE jobs SET paused = ? WHERE name = ?", paused ? 1 : 0, name) > 0;
    }

    /** Counts one run more, unless somebody else has since the plan. */
    static boolean count(Connection connection, NewRun run, boolean byHand) throws SQLException {
        if (byHand) {
            return Sql.change(
                            connection,
                            "UPDATE jobs SET enqueued = enqueued + 1 WHERE name = ? AND enqueued = ?",
                            run.job(),
                            run.seen())
                    > 0;
        }
        return Sql.change(
                        connection,
                        "UPDATE jobs SET enqueued = enqueued + 1, last_due_ms ="
                                + " CASE WHEN last_due_ms > ? THEN last_due_ms ELSE ? END"
                                + " WHERE name = ? AND enqueued = ? AND paused = 0",
                        run.due(),
                        run.due(),
                        run.job(),
                        run.seen())
                > 0;
    }

    static void begun(Connection connection, String name, Instant now) throws SQLException {
        Sql.change(connection, "UPDATE jobs SET last_begun_ms = ? WHERE name = ?", now, name);
    }

    static void ended(Connection connection, String name, RunResult result, Instant now) throws SQLException {
        Sql.change(
                connection,
                "UPDATE jobs SET last_ended_ms = ?, last_state = ?, failures = failures + 1 WHERE name = ?",
                now,
                result.state().name(),
                name);
        Instant point = result.goodPoint();
        if (point == null) {
            return;
        }
        Sql.change(
                connection,
                "UPDATE jobs SET failures = 0, last_good_ended_ms = ?, last_good_ms ="
                        + " CASE WHEN last_good_ms > ? THEN last_good_ms ELSE ? END WHERE name = ?",
                now,
                point,
                point,
                name);
        for (String target : result.targets()) {
            goodPoint(connection, new GoodPoint(name, target, point));
        }
    }

    static void goodPoint(Connection connection, GoodPoint good) throws SQLException {
        Sql.change(
                connection,
                "INSERT INTO good_points (object, target, point_ms) VALUES (?, ?, ?)"
                        + " ON CONFLICT (object, target) DO UPDATE SET point_ms = excluded.point_ms"
                        + " WHERE excluded.point_ms > good_points.point_ms",
                good.object(),
                good.target(),
                good.point());
    }

    /**
     * The newest good restore point of an object at a target, as it was read there.
     *
     * @param newest null where there is none
     * @param gone whether one that was known is not there any more, or not whole: only then less counts than before
     */
    static void found(Connection connection, String object, String target, @Nullable Instant newest, boolean gone)
            throws SQLException {
        if (gone) {
            Sql.change(connection, "DELETE FROM good_points WHERE object = ? AND target = ?", object, target);
        }
        if (newest != null) {
            goodPoint(connection, new GoodPoint(object, target, newest));
        }
    }

    /** The same of a job, wherever its restore points lie. */
    static void found(Connection connection, String job, @Nullable Instant newest, boolean gone) throws SQLException {
        if (gone) {
            Sql.change(
                    connection,
                    "UPDATE jobs SET last_good_ms = NULL, last_good_ended_ms = NULL WHERE name = ? AND last_good_ms > ?",
                    job,
                    newest == null ? Instant.EPOCH : newest);
        }
        if (newest != null) {
            Sql.change(
                    connection,
                    "UPDATE jobs SET last_good_ms = ? WHERE name = ? AND (last_good_ms IS NULL OR last_good_ms < ?)",
                    newest,
                    job,
                    newest);
        }
    }

    static List<GoodPoint> goodPoints(Connection connection) throws SQLException {
        return Sql.rows(
                connection,
                "SELECT * FROM good_points ORDER BY object, target",
                row -> new GoodPoint(
                        row.getString("object"),
                        row.getString("target"),
                        Instant.ofEpochMilli(row.getLong("point_ms"))));
    }

    static List<Duration> durations(Connection connection, String name, int most) throws SQLException {
        return Sql.rows(
                connection,
                "SELECT ended_ms - begun_ms AS took FROM runs WHERE job = ? AND state IN ('SUCCEEDED', 'DEGRADED')"
                        + " AND begun_ms IS NOT NULL ORDER BY ended_ms DESC LIMIT " + most,
                row -> Duration.ofMillis(Math.max(0, row.getLong("took"))),
                name);
    }

    private static JobRecord record(ResultSet row) throws SQLException {
        return new JobRecord(
                row.getString("name"),
                Objects.requireNonNull(Sql.instant(row, "configured_ms")),
                row.getInt("paused") != 0,
                row.getLong("enqueued"),
                Sql.instant(row, "last_due_ms"),
                Sql.instant(row, "last_begun_ms"),
                Sql.instant(row, "last_ended_ms"),
                state(row.getString("last_state")),
                Sql.instant(row, "last_good_ms"),
                Sql.instant(row, "last_good_ended_ms"),
                row.getInt("failures"));
    }

    private static @Nullable RunState state(@Nullable String name) {
        return name == null ? null : RunState.valueOf(name);
    }
}
