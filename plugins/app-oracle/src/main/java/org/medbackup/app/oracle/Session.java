package org.medbackup.app.oracle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;

/** One session of a database. Safe for use by several threads; they wait for each other. */
final class Session implements AutoCloseable {

    private final Connection connection;

    private Session(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens one.
     *
     * @throws org.medbackup.core.error.BackupException as {@link Failures} says
     */
    static Session open(DriverSource source, DriverSource.Logon logon, Deadline deadline) {
        deadline.check("connect");
        try {
            return new Session(source.connect(logon, deadline));
        } catch (SQLException failed) {
            throw Failures.of("connect", failed);
        }
    }

    /** Makes a value of a row. */
    @FunctionalInterface
    interface RowReader<T extends @Nullable Object> {

        T read(ResultSet row) throws SQLException;
    }

    /** The rows of a query. */
    synchronized <T extends @Nullable Object> List<T> rows(
            String step, Deadline deadline, RowReader<T> reader, String sql) {
        deadline.check(step);
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(deadline.remainingSeconds());
            List<T> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery(sql)) {
                while (result.next()) {
                    rows.add(reader.read(result));
                }
            }
            return rows;
        } catch (SQLException failed) {
            throw Failures.of(step, failed);
        }
    }

    /** The one number that a query gives. */
    long number(String step, Deadline deadline, String sql) {
        return rows(step, deadline, row -> row.getLong(1), sql).getFirst();
    }

    /** The texts of a query of one column; what is null is left out. */
    List<String> texts(String step, Deadline deadline, String sql) {
        return rows(step, deadline, row -> row.getString(1) == null ? "" : row.getString(1), sql).stream()
                .filter(each -> !each.isEmpty())
                .toList();
    }

    /** A statement that ends by the deadline. */
    synchronized void run(String step, Deadline deadline, String sql) {
        deadline.check(step);
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(deadline.remainingSeconds());
            statement.execute(sql);
        } catch (SQLException failed) {
            throw Failures.of(step, failed);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException alreadyGone) {
            // The server ends a session whose connection is gone.
            return;
        }
    }
}
