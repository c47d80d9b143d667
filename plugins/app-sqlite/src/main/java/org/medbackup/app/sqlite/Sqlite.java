package org.medbackup.app.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/**
 * One connection to one database file. Not safe for use by several threads.
 *
 * <p>Failures carry SQLite's number, never its words: those can hold data.
 */
final class Sqlite implements AutoCloseable {

    /** sqlite.org, "Result and Error Codes". */
    private static final int BUSY = 5;

    private static final int LOCKED = 6;
    private static final int FULL = 13;
    private static final int CORRUPT = 11;
    private static final int CANNOT_OPEN = 14;
    private static final int NO_DATABASE = 26;

    private final Connection connection;

    private Sqlite(Connection connection) {
        this.connection = connection;
    }

    /** Opens a file that is there; nothing is created. */
    static Sqlite open(Path file, boolean readOnly, Duration busy) {
        var config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout((int) busy.toMillis());
        config.resetOpenMode(org.sqlite.SQLiteOpenMode.CREATE);
        try {
            return new Sqlite(config.createConnection("jdbc:sqlite:" + file));
        } catch (SQLException failed) {
            throw translated("open", failed);
        }
    }

    /** The first column of the first row of a query; empty where there is none. */
    String ask(String step, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        } catch (SQLException failed) {
            throw translated(step, failed);
        }
    }

    /**
     * Copies the whole database in one step: it is as of one transaction. Waits for a writer up to the time-out.
     *
     * @param busy how long to wait in all
     */
    void copyTo(Path target, Duration busy) {
        int pause = 50;
        int tries = (int) Math.max(1, busy.toMillis() / pause);
        try {
            int result = ((SQLiteConnection) connection)
                    .getDatabase()
                    .backup("main", target.toString(), null, pause, tries, -1);
            if (result != 0) {
                throw failure("backup", result, null);
            }
        } catch (SQLException failed) {
            throw translated("backup", failed);
        }
    }

    private static BackupException translated(String step, SQLException failed) {
        return failure(step, failed.getErrorCode(), failed);
    }

    private static BackupException failure(
            String step, int code, @org.jspecify.annotations.Nullable SQLException cause) {
        int primary = code & 0xff;
        BackupException failure = switch (primary) {
            case BUSY, LOCKED -> ErrorCode.BUDGET_EXCEEDED.because("a writer kept the database locked", cause);
            case FULL -> ErrorCode.NO_SPACE.because("no space for the copy of the database", cause);
            case CANNOT_OPEN -> ErrorCode.APPLICATION_UNREACHABLE.because("the database cannot be opened", cause);
            case CORRUPT, NO_DATABASE ->
                ErrorCode.APPLICATION_NOT_READY.because("the database is damaged or none", cause);
            default -> ErrorCode.APPLICATION_FAILED.because("SQLite failed", cause);
        };
        return failure.with("step", step).with("error", code);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException gone) {
            // Nothing was changed through it.
            return;
        }
    }
}
