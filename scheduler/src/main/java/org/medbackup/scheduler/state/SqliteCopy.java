package org.medbackup.scheduler.state;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.medbackup.core.TimeSource;

/**
 * Copies the state of the schedule of one host for another one that takes its place.
 *
 * @param file of the state
 */
record SqliteCopy(Path file) {

    /** What only means something to the workers of the moment. */
    private static final List<String> OF_THE_MOMENT = List.of(
            "DELETE FROM checkpoints WHERE run IN (SELECT id FROM runs WHERE state IN ('PENDING', 'RUNNING'))",
            "DELETE FROM run_uses WHERE run IN (SELECT id FROM runs WHERE state IN ('PENDING', 'RUNNING'))",
            "DELETE FROM asked_runs WHERE run IN (SELECT id FROM runs WHERE state IN ('PENDING', 'RUNNING'))",
            "DELETE FROM runs WHERE state IN ('PENDING', 'RUNNING')",
            "DELETE FROM workers");

    boolean to(Path copy) {
        if (!Files.exists(file)) {
            return false;
        }
        var source = new SqliteDialect(file, TimeSource.system());
        try (Connection connection = source.connect();
                PreparedStatement writing = connection.prepareStatement("VACUUM INTO ?")) {
            writing.setString(1, copy.toString());
            writing.execute();
        } catch (SQLException failed) {
            throw source.translated("copy", failed);
        }
        var written = new SqliteDialect(copy, TimeSource.system());
        try (Connection connection = written.connect();
                Statement statement = connection.createStatement()) {
            for (String each : OF_THE_MOMENT) {
                statement.execute(each);
            }
        } catch (SQLException failed) {
            throw written.translated("copy", failed);
        }
        return true;
    }
}
