package org.medbackup.app.sqlserver;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;

/** One session on a server. Safe for use by several threads; they wait for each other. */
public final class Session implements AutoCloseable {

    private final Connection connection;

    private Session(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens one.
     *
     * @throws org.medbackup.core.error.BackupException as {@link Failures} says
     */
    public static Session open(ConnectionSource source, String name, Deadline deadline) {
        deadline.check("connect");
        try {
            return new Session(source.connect(name, deadline));
        } catch (SQLException failed) {
            throw Failures.of("connect", failed);
        }
    }

    /** Makes a value of a row. */
    @FunctionalInterface
    public interface RowReader<T extends @Nullable Object> {

        T read(ResultSet row) throws SQLException;
    }

    /** The rows of a query. */
    public synchronized <T extends @Nullable Object> List<T> rows(
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

    /** A statement that ends in its own time, but by the deadline. */
    public void run(String step, Deadline deadline, String sql) {
        deadline.check(step);
        run(step, deadline.remainingSeconds(), sql);
    }

    /** A statement that takes as long as the data is large. */
    void runLong(String step, String sql) {
        run(step, 0, sql);
    }

    private synchronized void run(String step, int seconds, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(seconds);
            boolean rows = statement.execute(sql);
            // A backup tells its failure after its messages: only who reads all of them learns of it.
            while (rows || statement.getUpdateCount() != -1) {
                rows = statement.getMoreResults();
            }
        } catch (SQLException failed) {
            throw Failures.of(step, failed);
        }
    }

    /** How many rows a statement gives that may give none at all, not even an empty table. */
    public synchronized int count(String step, Deadline deadline, String sql) {
        deadline.check(step);
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(deadline.remainingSeconds());
            int count = 0;
            boolean rows = statement.execute(sql);
            while (rows || statement.getUpdateCount() != -1) {
                if (rows) {
                    ResultSet result = statement.getResultSet();
                    while (result.next()) {
                        count++;
                    }
                }
                rows = statement.getMoreResults();
            }
            return count;
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
