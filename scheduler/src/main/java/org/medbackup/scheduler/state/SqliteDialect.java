package org.medbackup.scheduler.state;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.sqlite.SQLiteConfig;

/** A file. Its processes are on one host, so that host's clock is the clock of leases. */
final class SqliteDialect implements Dialect {

    /** sqlite.org, "Result and Error Codes". */
    private static final int BUSY = 5;

    private static final int READ_ONLY = 8;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANNOT_OPEN = 14;
    private static final int NO_DATABASE = 26;

    private final Path file;
    private final TimeSource time;

    SqliteDialect(Path file, TimeSource time) {
        this.file = file;
        this.time = time;
    }

    @Override
    public Connection connect() throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout((int) Store.PATIENCE.toMillis());
        // A transaction that reads first and writes later could not wait for another writer.
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    @Override
    public boolean isInterruptible() {
        return false;
    }

    @Override
    public String now() {
        return Long.toString(time.now().toEpochMilli());
    }

    @Override
    public String skipLocked() {
        return "";
    }

    @Override
    public String bytes() {
        return "BLOB";
    }

    @Override
    public void alone(Connection connection) {
        // A transaction that writes is alone.
    }

    @Override
    public @Nullable Long standUp(long key) {
        return null;
    }

    @Override
    public String isDead(String column) {
        return "";
    }

    @Override
    public void lieDown() {
        // It never stood up.
    }

    @Override
    public BackupException translated(String step, SQLException failed) {
        int code = failed.getErrorCode() & 0xff;
        BackupException failure = switch (code) {
            case FULL -> ErrorCode.NO_SPACE.because("the disk of the state database is full", failed);
            case CORRUPT, NO_DATABASE -> ErrorCode.STATE_DATABASE_DAMAGED.because("SQLite cannot read it", failed);
            case READ_ONLY, CANNOT_OPEN ->
                ErrorCode.STATE_UNUSABLE.because("the state database cannot be opened or written", failed);
            case BUSY -> ErrorCode.STATE_DATABASE_UNAVAILABLE.because("another process keeps it locked", failed);
            default -> ErrorCode.STATE_DATABASE_UNAVAILABLE.because("SQLite failed", failed);
        };
        return failure.with("step", step).with("error", code);
    }

    @Override
    public boolean isTransient(SQLException failed) {
        return false;
    }
}
