package org.medbackup.app.mariadb;

import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * One session on a server, in autocommit mode. An answer that does not come by its deadline ends the session.
 *
 * <p>Failures carry the SQLSTATE and the step, never the server's words: those can hold data.
 *
 * <p>Safe for use by several threads; they wait for each other.
 */
final class Session implements AutoCloseable {

    private final Connection connection;

    /** Takes over a connection. */
    Session(Connection connection) {
        this.connection = connection;
    }

    /** Makes a value of a row. */
    @FunctionalInterface
    interface RowReader<T extends @Nullable Object> {

        /** Reads the columns. */
        T read(ResultSet row) throws SQLException;
    }

    /** The rows of a query. */
    synchronized <T extends @Nullable Object> List<T> rows(
            String step, Deadline deadline, RowReader<T> reader, String sql, Object... parameters) {
        try {
            limit(step, deadline);
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

    /** Runs a statement that gives no rows. */
    synchronized void execute(String step, Deadline deadline, String sql) {
        try {
            limit(step, deadline);
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        } catch (SQLException failed) {
            throw translated(step, failed);
        }
    }

    private void limit(String step, Deadline deadline) throws SQLException {
        deadline.check(step);
        int millis = Math.clamp(deadline.remaining().toMillis(), 1, Integer.MAX_VALUE / 2);
        connection.setNetworkTimeout(Runnable::run, millis);
    }

    /** Takes a user lock; false where another session has it. */
    boolean lock(String name, Deadline deadline) {
        return row("user lock", deadline, row -> row.getInt(1) == 1, "SELECT GET_LOCK(?, 0)", name);
    }

    /** The one row of a query. */
    <T extends @Nullable Object> T row(
            String step, Deadline deadline, RowReader<T> reader, String sql, Object... parameters) {
        List<T> rows = rows(step, deadline, reader, sql, parameters);
        if (rows.size() != 1) {
            throw ErrorCode.APPLICATION_FAILED
                    .because("a query gave " + rows.size() + " rows where one was expected")
                    .with("step", step);
        }
        return rows.getFirst();
    }

    static String state(SQLException failure) {
        return failure.getSQLState() == null ? "none" : failure.getSQLState();
    }

    /** MariaDB manual, "MariaDB Error Codes". */
    private static BackupException translated(String step, SQLException failure) {
        String state = state(failure);
        ErrorCode code = switch (failure.getErrorCode()) {
            case 1205, 1317, 1969 -> ErrorCode.BUDGET_EXCEEDED;
            case 1044, 1045, 1142, 1227 -> ErrorCode.APPLICATION_NOT_READY;
            default ->
                isTimeout(failure)
                        ? ErrorCode.BUDGET_EXCEEDED
                        : state.startsWith("08") ? ErrorCode.APPLICATION_UNREACHABLE : ErrorCode.APPLICATION_FAILED;
        };
        return code.because("a statement failed", failure)
                .with("step", step)
                .with("sqlState", state)
                .with("error", failure.getErrorCode());
    }

    private static boolean isTimeout(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Ends the session, and with it all that it holds on the server. */
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
