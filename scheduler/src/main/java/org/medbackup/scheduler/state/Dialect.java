package org.medbackup.scheduler.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;

/** The few places at which SQLite and PostgreSQL differ. */
interface Dialect {

    /** A new connection; its socket has time-outs. */
    Connection connect() throws SQLException;

    /** Whether an interrupt of the thread that calls it breaks a connection. */
    boolean isInterruptible();

    /** The clock of leases in milliseconds, as a term of SQL. */
    String now();

    /** Stands after the choice of a row that is to be changed. */
    String skipLocked();

    /** The type of a column of bytes. */
    String bytes();

    /** Keeps others from choosing runs, or from changing the schema, until the transaction ends. */
    void alone(Connection connection) throws SQLException;

    /**
     * Takes a lock that the server gives up by itself when this process dies.
     *
     * @return its key; null where the store has no such lock
     */
    @Nullable
    Long standUp(long key) throws SQLException;

    /** A condition that holds where the process with a key in this column is dead; empty where it cannot be told. */
    String isDead(String column);

    /** Gives up that lock. */
    void lieDown();

    /** What a failure of the driver is to the caller. */
    BackupException translated(String step, SQLException failed);

    /** Whether the same call may succeed at once on a new connection. */
    boolean isTransient(SQLException failed);

    static Dialect of(Store store, TimeSource time) {
        return switch (store) {
            case Store.Sqlite sqlite -> new SqliteDialect(sqlite.file(), time);
            case Store.Postgres postgres -> new PostgresDialect(postgres);
        };
    }

    static int seconds(Duration duration) {
        return (int) duration.toSeconds();
    }
}
