package org.medbackup.app.sqlserver;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;

/**
 * Connections by Microsoft's driver.
 *
 * @param password owned by its caller; null where there is none
 */
record DriverSource(SqlServerAddress address, @Nullable Secret password) implements ConnectionSource {

    @Override
    public Connection connect(String name, Deadline deadline) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", address.user());
        Secret secret = password != null ? password : address.password();
        if (secret != null) {
            properties.setProperty("password", secret.use(bytes -> new String(bytes, StandardCharsets.UTF_8)));
        }
        properties.setProperty("applicationName", name);
        properties.setProperty("loginTimeout", Integer.toString(Math.min(deadline.remainingSeconds(), 60)));
        properties.setProperty("databaseName", "master");
        properties.setProperty("encrypt", "true");
        // A second connection made silently in place of a lost one would not be the session that suspended.
        properties.setProperty("connectRetryCount", "0");
        properties.putAll(address.options());
        return DriverManager.getConnection(address.jdbc(), properties);
    }
}
