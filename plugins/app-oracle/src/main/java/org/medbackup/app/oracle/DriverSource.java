package org.medbackup.app.oracle;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;

/**
 * Connections by Oracle's driver, which is not ours to ship: its user drops it in ("JDBC Developer's Guide", properties of a
 * connection).
 *
 * @param password owned by its caller; null where there is none
 */
record DriverSource(OracleAddress address, @Nullable Secret password) {

    /** As whom a session comes. */
    enum Logon {
        /** For backups. */
        SYSBACKUP,
        /** Only to tell what is missing. */
        PLAIN
    }

    Connection connect(Logon logon, Deadline deadline) throws SQLException {
        requireDriver();
        var properties = new Properties();
        properties.setProperty("user", address.user());
        String secret = secretText();
        if (secret != null) {
            properties.setProperty("password", secret);
        }
        if (logon == Logon.SYSBACKUP) {
            properties.setProperty("internal_logon", "sysbackup");
        }
        long limit = Math.min(deadline.remaining().toMillis() + 1, 60_000);
        properties.setProperty("oracle.net.CONNECT_TIMEOUT", Long.toString(limit));
        properties.setProperty("v$session.program", "medbackup");
        String wallet = address.options().get(OracleAddress.WALLET);
        if (wallet != null) {
            properties.setProperty("oracle.net.wallet_location", wallet);
        }
        return DriverManager.getConnection(address.jdbc(), properties);
    }

    /** Null where the operating system or a wallet says who we are. */
    @Nullable
    String secretText() {
        Secret secret = password != null ? password : address.password();
        return secret == null ? null : secret.use(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private void requireDriver() throws SQLException {
        Iterator<Driver> drivers = DriverManager.drivers().iterator();
        while (drivers.hasNext()) {
            if (drivers.next().acceptsURL(address.jdbc())) {
                return;
            }
        }
        throw ErrorCode.APPLICATION_PROGRAM_MISSING.because(
                "Oracle's JDBC driver is not here, and its licence keeps us from shipping it: put ojdbc17.jar (or"
                        + " ojdbc11.jar), from Oracle or from $ORACLE_HOME/jdbc/lib, into a folder of its own and name"
                        + " that folder in the variable MEDBACKUP_PLUGINS");
    }
}
