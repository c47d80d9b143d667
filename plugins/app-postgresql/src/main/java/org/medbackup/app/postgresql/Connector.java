package org.medbackup.app.postgresql;

import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;

/** Opens sessions on one server. No pool: the session that holds a backup must stay the same one. */
record Connector(PostgresAddress address, Passwords passwords) {

    /**
     * Opens a session.
     *
     * @param name what the server's own list of sessions shows
     * @throws org.medbackup.core.error.UnavailableException with {@link ErrorCode#APPLICATION_UNREACHABLE}
     */
    Session open(String name, Deadline deadline) {
        deadline.check("connect");
        try {
            return new Session(DriverManager.getConnection(address.jdbc(), properties(name, deadline)));
        } catch (SQLException failed) {
            throw ErrorCode.APPLICATION_UNREACHABLE
                    .because("it was not possible to connect", failed)
                    .with("application", address.shown())
                    .with("sqlState", Session.state(failed));
        }
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
