package org.medbackup.app.postgresql;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** Opens sessions on one server. No pool: the session that holds a backup must stay the same one. */
public record Connector(PostgresAddress address, Passwords passwords) {

    /**
     * Opens a session.
     *
     * @param name what the server's own list of sessions shows
     * @throws org.medbackup.core.error.UnavailableException with {@link ErrorCode#APPLICATION_UNREACHABLE}
     */
    public Session open(String name, Deadline deadline) {
        deadline.check("connect");
        try {
            return new Session(DriverManager.getConnection(address.jdbc(), properties(name, deadline)));
        } catch (SQLException failed) {
            throw failed(failed);
        }
    }

    /** The same account on another server of the cluster. */
    Connector at(String host, int port) {
        return new Connector(address.at(host, port), passwords);
    }

    /** The application's address without secrets. */
    public String shown() {
        return address.shown();
    }

    /**
     * Opens a connection that speaks the replication protocol instead of SQL.
     *
     * @param silence after which it is taken for lost when the server says nothing
     */
    public Connection replication(String name, Duration silence, Deadline deadline) {
        deadline.check("connect");
        Properties properties = properties(name, deadline);
        properties.setProperty("replication", "true");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "13");
        properties.setProperty("socketTimeout", Long.toString(silence.toSeconds()));
        try {
            return DriverManager.getConnection(address.jdbc(), properties);
        } catch (SQLException failed) {
            throw failed(failed);
        }
    }

    /** What a failure of a connection means. */
    public static BackupException failed(String step, SQLException failure) {
        return Session.translated(step, failure);
    }

    private BackupException failed(SQLException failure) {
        return ErrorCode.APPLICATION_UNREACHABLE
                .because("it was not possible to connect", failure)
                .with("application", address.shown())
                .with("sqlState", Session.state(failure));
    }

    private Properties properties(String name, Deadline deadline) {
        String seconds = Integer.toString(deadline.remainingSeconds());
        var properties = new Properties();
        properties.setProperty("user", address.user());
        Secret password = passwords.of(address);
        if (password != null) {
            properties.setProperty("password", password.use(bytes -> new String(bytes, StandardCharsets.UTF_8)));
        }
        properties.setProperty("ApplicationName", name);
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        properties.setProperty("tcpKeepAlive", "true");
        // No named statements: a session must leave nothing behind, and a proxy must not mix it up.
        properties.setProperty("prepareThreshold", "0");
        properties.putAll(address.options());
        return properties;
    }
}
