package org.medbackup.app.mariadb;

import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;

/** Opens sessions on one server. No pool: the session that holds a backup must stay the same one. */
record Connector(MariadbAddress address, @Nullable Secret password, TimeSource time) {

    /**
     * Opens a session.
     *
     * @throws org.medbackup.core.error.UnavailableException with {@link ErrorCode#APPLICATION_UNREACHABLE}
     */
    Session open(Deadline deadline) {
        deadline.check("connect");
        try {
            return new Session(DriverManager.getConnection(address.jdbc(), properties(deadline)));
        } catch (SQLException failed) {
            throw ErrorCode.APPLICATION_UNREACHABLE
                    .because("it was not possible to connect", failed)
                    .with("application", address.shown())
                    .with("sqlState", Session.state(failed));
        }
    }

    private Properties properties(Deadline deadline) {
        String millis = Long.toString(Math.max(1, deadline.remaining().toMillis()));
        var properties = new Properties();
        properties.setProperty("user", address.user());
        if (password != null) {
            properties.setProperty("password", passwordText());
        }
        properties.setProperty("connectTimeout", millis);
        properties.setProperty("socketTimeout", millis);
        properties.setProperty("tcpKeepAlive", "true");
        // The driver must never send a statement again on another connection, nor read files that a server asks for.
        properties.setProperty("allowLocalInfile", "false");
        properties.setProperty("autocommit", "true");
        return properties;
    }

    /** Empty where there is none. */
    String passwordText() {
        return password == null ? "" : password.use(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
}
