package org.medbackup.app.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * One session on a server, in autocommit mode. Every statement has a limit on the server, and a slightly longer one for
 * its answer on the wire.
 *
 * <p>Failures carry the SQLSTATE and the step, never the server's words: those can hold data.
 *
 * <p>Safe for use by several threads; they wait for each other.
 */
public final class Session implements AutoCloseable {

    private static final int WIRE_MILLIS = 2000;

    private final Connection connection;

    Session(Connection connection) {
        this.connection = connection;
    }

    /** Makes a value of a row. */
    @FunctionalInterface
    public interface RowReader<T extends @Nullable Object> {

        T read(ResultSet row) throws SQLException;
    }

    /** The rows of a query. */
    public synchronized <T extends @Nullable Object> List<T> rows(
            String step, Deadline deadline, RowReader<T> reader, String sql, Object... parameters) {
        deadline.check(step);
        try {
            limit(deadline);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < parameters.length; i++) {
                    statement.setObject(i + 1, parameters[i]);
                }
                List<T> rows = new ArrayList<>();
                try (ResultSet result = statement.executeQuery()) {
                    while (result.next()) {
                        rows.add(reader.read(result));
                    }
                }
                return rows;
            }
        } catch (SQLException failed) {
            throw translated(step, failed);
        }
    }

    private void limit(Deadline deadline) throws SQLException {
        int millis = Math.clamp(deadline.remaining().toMillis(), 1, Integer.MAX_VALUE / 2);
        connection.setNetworkTimeout(Runnable::run, millis + WIRE_MILLIS);
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_catalog.set_config('statement_timeout', ?, false)")) {
            statement.setString(1, Integer.toString(millis));
            statement.executeQuery().close();
        }
    }

    /** The one row of a query. */
    public <T extends @Nullable Object> T row(
            String step, Deadline deadline, RowReader<T> reader, String sql, Object... parameters) {
        List<T> rows = rows(step, deadline, reader, sql, parameters);
        if (rows.size() != 1) {
            throw ErrorCode.APPLICATION_FAILED
                    .because("a query gave " + rows.size() + " rows where one was expected")
                    .with("step", step);
        }
        return rows.getFirst();
    }

    /** Process id of the session's backend. */
    int backend(Deadline deadline) {
        return row("backend", deadline, row -> row.getInt(1), "SELECT pg_catalog.pg_backend_pid()");
    }

    /** Begins or ends a transaction; only to see which backend a proxy gives us. */
    synchronized void autocommit(boolean on) {
        try {
            connection.setAutoCommit(on);
        } catch (SQLException failed) {
            throw translated("transaction", failed);
        }
    }

    static String state(SQLException failure) {
        return failure.getSQLState() == null ? "none" : failure.getSQLState();
    }

    /** PostgreSQL manual, "PostgreSQL Error Codes". */
    static BackupException translated(String step, SQLException failure) {
        String state = state(failure);
        ErrorCode code = switch (state) {
            case "57014" -> ErrorCode.BUDGET_EXCEEDED;
            case "57P01", "57P02", "57P03", "57P05", "53300" -> ErrorCode.APPLICATION_UNREACHABLE;
            case "42501" -> ErrorCode.APPLICATION_NOT_READY;
            default -> state.startsWith("08") ? ErrorCode.APPLICATION_UNREACHABLE : ErrorCode.APPLICATION_FAILED;
        };
        return code.because("a statement failed", failure).with("step", step).with("sqlState", state);
    }

    /** Ends the session; a backup that it holds is given up by the server. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException alreadyGone) {
            // The server ends a session whose connection is gone; there is nothing left to do here.
            return;
        }
    }
}
