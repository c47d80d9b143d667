package org.medbackup.scheduler.state;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which restore points lie at which target, and when each was last proven. What is in it was written down by a job when it
 * ended, or was read from the target; all of it can be read again, so nothing is lost with it. It holds ids, names of jobs,
 * targets and hosts, and times; no paths.
 *
 * <p>A reading is what makes it true: what the target does not have any more is forgotten, and with it what counts as the
 * newest good restore point of a job, so that its objective is missed as soon as its restore points are gone, whatever the
 * job said when it made them.
 *
 * <p>Calls fail as those of {@link StateDatabase}. Safe for use by several threads.
 */
public final class Catalogue {

    private final Dialect dialect;
    private final Lane lane;

    Catalogue(Dialect dialect, Lane lane) {
        this.dialect = dialect;
        this.lane = lane;
    }

    /**
     * A reading that has begun. Immutable.
     *
     * @param target that is read
     * @param begun by the clock of the state; what is written down after this stays
     * @param known ids of restore points that need not be read again
     * @param proven when the newest proof was made that is known; {@link Instant#EPOCH} where none is
     */
    public record Reading(String target, Instant begun, Set<String> known, Instant proven) {

        public Reading {
            known = Set.copyOf(known);
        }

        /** The same, that takes nothing as known. */
        public Reading whole() {
            return new Reading(target, begun, Set.of(), Instant.EPOCH);
        }
    }

    /**
     * What was found. Immutable.
     *
     * @param present ids of all restore points that lie there
     * @param unknown those that were not known
     * @param proofs the newest ones, by id
     */
    public record Found(Set<String> present, List<CataloguedPoint> unknown, Map<String, CataloguedPoint.Proof> proofs) {

        public Found {
            present = Set.copyOf(present);
            unknown = List.copyOf(unknown);
            proofs = Map.copyOf(proofs);
        }
    }

    /** Of which restore points a reader can speak. Safe for use by several threads. */
    public interface View {

        /** One that sees all there is. */
        View WHOLE = new View() {};

        /** Whether it may count for the job whose name it bears. */
        default boolean counts(CataloguedPoint point) {
            return true;
        }

        /** Whether the reader would have found it if it were there. */
        default boolean sees(CataloguedPoint point) {
            return true;
        }
    }

    /**
     * What a reading has changed. Immutable.
     *
     * @param points that lie there now
     * @param added that were not known before
     * @param gone ids of those that are not there any more
     */
    public record Change(int points, int added, Set<String> gone) {

        public Change {
            gone = Set.copyOf(gone);
        }
    }

    /**
     * Writes a restore point down; what was known of it is replaced, but its proof where none is given.
     *
     * @return whether it was not known before
     */
    static boolean put(Connection connection, Dialect dialect, CataloguedPoint point) throws SQLException {
        boolean known = !Sql.rows(
                        connection,
                        "SELECT 1 FROM restore_points WHERE target = ? AND snapshot = ?",
                        row -> row.getInt(1),
                        point.target(),
                        point.snapshot())
                .isEmpty();
        Sql.change(
                connection,
                "INSERT INTO restore_points (target, snapshot, object, host, point_ms, kind, recorded_ms) VALUES"
                        + " (?, ?, ?, ?, ?, ?, " + dialect.now() + ") ON CONFLICT (target, snapshot) DO UPDATE SET"
                        + " object = excluded.object, host = excluded.host, point_ms = excluded.point_ms,"
                        + " kind = excluded.kind, recorded_ms = excluded.recorded_ms",
                point.target(),
                point.snapshot(),
                point.object(),
                point.host(),
                point.point(),
                point.kind().name());
        CataloguedPoint.Proof proof = point.proof();
        if (proof != null) {
            prove(connection, point.target(), point.snapshot(), proof);
        }
        return !known;
    }

    private static void prove(Connection connection, String target, String snapshot, CataloguedPoint.Proof proof)
            throws SQLException {
        Sql.change(
                connection,
                "UPDATE restore_points SET proven_ms = ?, proof_level = ?, whole = ? WHERE target = ? AND snapshot = ?"
                        + " AND (proven_ms IS NULL OR proven_ms <= ?)",
                proof.at(),
                proof.level(),
                proof.whole() ? 1 : 0,
                target,
                snapshot,
                proof.at());
    }

    /** Begins to read a target. */
    public Reading begin(String target) {
        return lane.read("begin", connection -> {
            Instant now = Instant.ofEpochMilli(
                    Sql.rows(connection, "SELECT " + dialect.now() + " AS at_ms", row -> row.getLong(1))
                            .getFirst());
            Set<String> known = new HashSet<>();
            Instant proven = Instant.EPOCH;
            for (CataloguedPoint each : points(connection, "target = ?", target)) {
                known.add(each.snapshot());
                CataloguedPoint.Proof proof = each.proof();
                if (proof != null && proof.at().isAfter(proven)) {
                    proven = proof.at();
                }
            }
            return new Reading(target, now, known, proven);
        });
    }

    /**
     * Writes down what was found, in one step with what follows from it for the jobs: a good restore point that is newer than
     * was known counts, and one that is not there any more does not.
     *
     * @param reading that has ended
     * @param view of the reader
     */
    public Change end(Reading reading, Found found, View view) {
        return lane.write("end", connection -> {
            String target = reading.target();
            Set<String> objects = new HashSet<>();
            Set<String> shrunk = new HashSet<>();
            Set<String> gone = new HashSet<>();
            for (CataloguedPoint each : points(connection, "target = ? AND recorded_ms < ?", target, reading.begun())) {
                if (!found.present().contains(each.snapshot()) && view.sees(each)) {
                    Sql.change(
                            connection,
                            "DELETE FROM restore_points WHERE target = ? AND snapshot = ?",
                            target,
                            each.snapshot());
                    gone.add(each.snapshot());
                    shrunk.add(each.object());
                }
            }
            int added = 0;
            for (CataloguedPoint each : found.unknown()) {
                added += put(connection, dialect, each) ? 1 : 0;
                objects.add(each.object());
            }
            for (Map.Entry<String, CataloguedPoint.Proof> each : found.proofs().entrySet()) {
                prove(connection, target, each.getKey(), each.getValue());
                (each.getValue().whole() ? objects : shrunk).addAll(objectOf(connection, each.getKey()));
            }
            objects.addAll(shrunk);
            objects.remove("");
            for (String object : objects) {
                follow(connection, object, target, shrunk.contains(object), view);
            }
            Sql.change(
                    connection,
                    "INSERT INTO readings (target, at_ms) VALUES (?, " + dialect.now()
                            + ") ON CONFLICT (target) DO UPDATE SET at_ms = excluded.at_ms",
                    target);
            int points = Sql.rows(
                            connection,
                            "SELECT COUNT(*) FROM restore_points WHERE target = ?",
                            row -> row.getInt(1),
                            target)
                    .getFirst();
            return new Change(points, added, gone);
        });
    }

    private void follow(Connection connection, String object, String target, boolean shrunk, View view)
            throws SQLException {
        Instant here = null;
        Instant anywhere = null;
        for (CataloguedPoint each : points(
                connection,
                "object = ? AND point_ms <= " + dialect.now() + " + " + ClockCorrection.TOLERATED.toMillis(),
                object)) {
            if (each.isGood() && view.counts(each)) {
                anywhere = later(anywhere, each.point());
                here = each.target().equals(target) ? later(here, each.point()) : here;
            }
        }
        JobTable.found(connection, object, target, here, shrunk);
        JobTable.found(connection, object, anywhere, shrunk);
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one == null || other.isAfter(one) ? other : one;
    }

    /** All restore points at all targets, the newest first. */
    public List<CataloguedPoint> points() {
        return lane.read("points", connection -> points(connection, "1 = 1"));
    }

    /** Those of one job, the newest first. */
    public List<CataloguedPoint> points(String object) {
        return lane.read("points", connection -> points(connection, "object = ?", object));
    }

    private static List<CataloguedPoint> points(Connection connection, String where, Object... values)
            throws SQLException {
        return Sql.rows(
                connection,
                "SELECT * FROM restore_points WHERE " + where + " ORDER BY point_ms DESC, snapshot, target",
                Catalogue::point,
                values);
    }

    private static CataloguedPoint point(ResultSet row) throws SQLException {
        Instant proven = Sql.instant(row, "proven_ms");
        return new CataloguedPoint(
                row.getString("target"),
                row.getString("snapshot"),
                row.getString("object"),
                row.getString("host"),
                Objects.requireNonNull(Sql.instant(row, "point_ms")),
                CataloguedPoint.Kind.valueOf(row.getString("kind")),
                proven == null
                        ? null
                        : new CataloguedPoint.Proof(proven, row.getString("proof_level"), row.getInt("whole") != 0));
    }

    /** The job that made a restore point; empty where that is not known. */
    public Optional<String> objectOf(String snapshot) {
        return lane.read(
                "objectOf",
                connection -> objectOf(connection, snapshot).stream().findFirst());
    }

    private static List<String> objectOf(Connection connection, String snapshot) throws SQLException {
        return Sql.rows(
                connection,
                "SELECT DISTINCT object FROM restore_points WHERE snapshot = ? AND object <> ''",
                row -> row.getString(1),
                snapshot);
    }

    /** When a restore point of each job was last proven to be whole, at any target; jobs of which none was are left out. */
    public Map<String, Instant> lastProven() {
        return lane.read("lastProven", connection -> {
            Map<String, Instant> proven = new HashMap<>();
            Sql.rows(
                            connection,
                            "SELECT object, MAX(proven_ms) AS proven_ms FROM restore_points WHERE whole = 1"
                                    + " AND object <> '' GROUP BY object",
                            row -> Map.entry(
                                    row.getString("object"), Objects.requireNonNull(Sql.instant(row, "proven_ms"))))
                    .forEach(each -> proven.put(each.getKey(), each.getValue()));
            return Map.copyOf(proven);
        });
    }

    /** When each target was last read to its end, by name. */
    public Map<String, Instant> readings() {
        return lane.read("readings", connection -> {
            Map<String, Instant> readings = new HashMap<>();
            for (Map.Entry<String, Instant> each : Sql.rows(
                    connection,
                    "SELECT * FROM readings",
                    row -> Map.entry(row.getString("target"), Objects.requireNonNull(Sql.instant(row, "at_ms"))))) {
                readings.put(each.getKey(), each.getValue());
            }
            return Map.copyOf(readings);
        });
    }

    /** Forgets targets that are not configured any more, and what lay there; what counted as good there does not. */
    public void keepOnly(Set<String> targets) {
        lane.write("keepOnly", connection -> {
            List<String> known = new ArrayList<>(
                    Sql.rows(connection, "SELECT DISTINCT target FROM restore_points", row -> row.getString(1)));
            known.removeAll(targets);
            for (String each : known) {
                Sql.change(connection, "DELETE FROM restore_points WHERE target = ?", each);
                Sql.change(connection, "DELETE FROM readings WHERE target = ?", each);
                Sql.change(connection, "DELETE FROM good_points WHERE target = ?", each);
            }
            return known.size();
        });
    }
}
