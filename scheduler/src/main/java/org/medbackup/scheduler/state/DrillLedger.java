package org.medbackup.scheduler.state;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which drills there were, so that rotation goes on where it was after a restart, and so that of several workers one alone takes
 * each time of a drill. Safe for use by several threads; may fail as {@link StateDatabase} does.
 */
public final class DrillLedger {

    /** As long as documents of compliance are kept (45 CFR 164.316(b)(2)(i)), and a little more. */
    private static final Duration KEPT = Duration.ofDays(2_200);

    /** Stands for what is not known: a null without a type would be one of text to PostgreSQL. */
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final Lane lane;

    DrillLedger(Lane lane) {
        this.lane = lane;
    }

    /**
     * A drill of the configuration.
     *
     * @param since since when it is known
     * @param used the last of its times that was used
     */
    public record Standing(Instant since, Instant used) {}

    /** Makes a drill known, where it is not: times before count as used. */
    public Standing known(String drill, Instant now) {
        Optional<Standing> known = standing(drill).filter(each -> !each.since().isAfter(now));
        return known.orElseGet(() -> made(drill, now));
    }

    private Standing made(String drill, Instant now) {
        return lane.write("drill", connection -> {
            Sql.change(
                    connection,
                    "INSERT INTO drill_turns (drill, known_ms, due_ms) VALUES (?, ?, ?) ON CONFLICT (drill) DO NOTHING",
                    drill,
                    now,
                    now);
            // What a clock wrote that was ahead has not been.
            Sql.change(
                    connection,
                    "UPDATE drill_turns SET known_ms = ?, due_ms = ? WHERE drill = ? AND known_ms > ?",
                    now,
                    now,
                    drill,
                    now);
            return standing(connection, drill).orElseThrow();
        });
    }

    /** Where a drill stands; empty where no daemon has known it yet. */
    public Optional<Standing> standing(String drill) {
        return lane.read("drillStanding", connection -> standing(connection, drill));
    }

    private static Optional<Standing> standing(Connection connection, String drill) throws SQLException {
        return Sql.rows(
                        connection,
                        "SELECT * FROM drill_turns WHERE drill = ?",
                        row -> new Standing(
                                Objects.requireNonNull(Sql.instant(row, "known_ms")),
                                Objects.requireNonNull(Sql.instant(row, "due_ms"))),
                        drill)
                .stream()
                .findFirst();
    }

    /**
     * Uses a time of a drill: true for one worker alone.
     *
     * @param due the time
     * @param now by which a later one that is said to have been used was not
     */
    public boolean use(String drill, Instant due, Instant now) {
        return lane.write(
                "drillTurn",
                connection -> Sql.change(
                                connection,
                                "UPDATE drill_turns SET due_ms = ? WHERE drill = ? AND (due_ms < ? OR due_ms > ?)",
                                due,
                                drill,
                                due,
                                now)
                        == 1);
    }

    /** Writes down what became of applications; what is written already stays. */
    public void record(Collection<Drilled> drilled) {
        lane.write("drilled", connection -> {
            for (Drilled each : drilled) {
                Duration took = each.took();
                Double error = each.errorPercent();
                Sql.change(
                        connection,
                        "INSERT INTO drilled (drill, plan, application, began_ms, outcome, rule, snapshot, seed,"
                                + " share_millionths, took_ms, error_tenths) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (drill, plan, application, began_ms) DO NOTHING",
                        each.drill(),
                        each.plan(),
                        each.application(),
                        each.began(),
                        each.outcome().name(),
                        each.rule(),
                        each.snapshot(),
                        each.seed(),
                        Math.round(each.share() * 1e6),
                        took == null ? UNKNOWN : took.toMillis(),
                        error == null ? UNKNOWN : Math.round(error * 10));
                Sql.change(
                        connection,
                        "DELETE FROM drilled WHERE drill = ? AND began_ms < ?",
                        each.drill(),
                        each.began().minus(KEPT));
            }
            return true;
        });
    }

    /** What became of the applications of a drill, the newest first. */
    public List<Drilled> drilled(String drill) {
        return lane.read(
                "drilledOf",
                connection -> Sql.rows(
                        connection,
                        "SELECT * FROM drilled WHERE drill = ? ORDER BY began_ms DESC, plan, application",
                        DrillLedger::drilled,
                        drill));
    }

    private static Drilled drilled(ResultSet row) throws SQLException {
        long took = row.getLong("took_ms");
        long error = row.getLong("error_tenths");
        return new Drilled(
                row.getString("drill"),
                row.getString("plan"),
                row.getString("application"),
                Objects.requireNonNull(Sql.instant(row, "began_ms")),
                Drilled.Outcome.valueOf(row.getString("outcome")),
                row.getString("rule"),
                row.getString("snapshot"),
                row.getLong("seed"),
                row.getLong("share_millionths") / 1e6,
                took == UNKNOWN ? null : Duration.ofMillis(took),
                error == UNKNOWN ? null : error / 10.0);
    }

    /** When each restore point was last rehearsed whole, by its id, whatever drill that was. */
    public Map<String, Instant> tested() {
        return lane.read("drilledPoints", connection -> {
            Map<String, Instant> tested = new HashMap<>();
            for (Map.Entry<String, Instant> each : Sql.rows(
                    connection,
                    "SELECT snapshot, MAX(began_ms) AS at_ms FROM drilled WHERE snapshot <> '' AND share_millionths ="
                            + " 1000000 AND outcome IN ('GOOD', 'MISSED', 'FAILED') GROUP BY snapshot",
                    row -> Map.entry(row.getString("snapshot"), Objects.requireNonNull(Sql.instant(row, "at_ms"))))) {
                tested.put(each.getKey(), each.getValue());
            }
            return Map.copyOf(tested);
        });
    }
}
