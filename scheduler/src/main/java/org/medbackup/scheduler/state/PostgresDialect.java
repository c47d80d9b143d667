package org.medbackup.scheduler.state;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.postgresql.Driver;

/**
 * A server. A worker holds an advisory lock in a session of its own for as long as it lives; the server gives it up when the
 * session ends, which for a killed process is at once, and for a host that is gone after four seconds without an answer.
 */
final class PostgresDialect implements Dialect {

    /** Any number that no other program uses for its advisory locks in this database. */
    private static final long ALONE = 0x6d65646261636b75L;

    private final Store.Postgres store;
    private @Nullable Connection presence;

    PostgresDialect(Store.Postgres store) {
        this.store = store;
    }

    @Override
    public Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", store.user());
        properties.setProperty("password", store.password().use(bytes -> new String(bytes, StandardCharsets.UTF_8)));
        String patience = Integer.toString(Dialect.seconds(Store.PATIENCE));
        properties.setProperty("connectTimeout", patience);
        properties.setProperty("loginTimeout", patience);
        properties.setProperty("socketTimeout", patience);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "medbackup-scheduler");
        Connection connection = new Driver().connect(store.url(), properties);
        if (connection == null) {
            throw new SQLException("the driver does not know the address", "08001");
        }
        try (Statement statement = connection.createStatement()) {
            // The server's own look at us: PostgreSQL manual, "Connections and Authentication", TCP settings.
            statement.execute("SET tcp_keepalives_idle = 2");
            statement.execute("SET tcp_keepalives_interval = 1");
            statement.execute("SET tcp_keepalives_count = 2");
            return connection;
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
    }

    @Override
    public boolean isInterruptible() {
        return true;
    }

    @Override
    public String now() {
        return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
    }

    @Override
    public String skipLocked() {
        return " FOR UPDATE OF r SKIP LOCKED";
    }

    @Override
    public String bytes() {
        return "BYTEA";
    }

    @Override
    public void alone(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + ALONE + ")");
        }
    }

    @Override
    public @Nullable Long standUp(long key) throws SQLException {
        Connection held = presence;
        if (held != null && held.isValid(Dialect.seconds(Store.PATIENCE))) {
            return key;
        }
        lieDown();
        Connection session = connect();
        try (PreparedStatement lock = session.prepareStatement("SELECT pg_advisory_lock(?)")) {
            lock.setLong(1, key);
            lock.execute();
        } catch (SQLException failed) {
            session.close();
            throw failed;
        }
        presence = session;
        return isSeenByOthers(key) ? key : null;
    }

    /** Behind a pooler that lends sessions a lock is not where it was taken: everybody would look dead. */
    private boolean isSeenByOthers(long key) throws SQLException {
        try (Connection other = connect();
                PreparedStatement lock = other.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
            lock.setLong(1, key);
            try (ResultSet row = lock.executeQuery()) {
                return row.next() && !row.getBoolean(1);
            }
        }
    }

    @Override
    public String isDead(String column) {
        return "pg_try_advisory_xact_lock(" + column + ")";
    }

    @Override
    public void lieDown() {
        Connection held = presence;
        presence = null;
        if (held != null) {
            try {
                held.close();
            } catch (SQLException gone) {
                // The server ends a session whose client is gone.
                return;
            }
        }
    }

    @Override
    public BackupException translated(String step, SQLException failed) {
        String state = String.valueOf(failed.getSQLState());
        // PostgreSQL manual, appendix "Error Codes": 53100 is disk_full.
        BackupException failure = state.equals("53100")
                ? ErrorCode.NO_SPACE.because("the disk of the state database is full", failed)
                : ErrorCode.STATE_DATABASE_UNAVAILABLE.because("PostgreSQL failed or does not answer", failed);
        return failure.with("step", step).with("sqlState", state);
    }

    @Override
    public boolean isTransient(SQLException failed) {
        String state = String.valueOf(failed.getSQLState());
        return state.startsWith("08") || state.startsWith("57P") || state.equals("40001") || state.equals("40P01");
    }
}
