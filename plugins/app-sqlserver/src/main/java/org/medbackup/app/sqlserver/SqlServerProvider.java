package org.medbackup.app.sqlserver;

import java.util.List;
import java.util.Set;
import org.medbackup.app.sqlserver.recovery.SqlServerRecovery;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;

/** Opens {@code sqlserver://user@host:port/}. */
public final class SqlServerProvider implements ApplicationProvider {

    static final String KIND = "sqlserver";

    /** For the {@link java.util.ServiceLoader}. */
    public SqlServerProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of(KIND);
    }

    @Override
    public List<ConnectionOption> options() {
        return List.of(
                ConnectionOption.optional(
                        Settings.MODE, "snapshot (2022 and later) or streaming, which holds where it is not given"),
                ConnectionOption.optional(
                        Settings.KIND, "full, differential or log, of a streaming backup; full where it is not given"),
                ConnectionOption.optional(
                        Settings.SCOPE,
                        "database, group or server: what is suspended by one statement; group where it is not given"),
                ConnectionOption.optional(
                        Settings.DATABASES, "names, separated by commas; all databases of users where it is not given"),
                ConnectionOption.optional(
                        Settings.FOLDER, "absolute path in which the server writes and we read; not needed with url"),
                ConnectionOption.optional(Settings.URL, "s3://host/bucket/prefix to which the server streams itself"),
                ConnectionOption.optional(
                        Settings.OWNS_CHAIN,
                        "true makes our backups the base of differentials and the log chain; false, which holds where it is"
                                + " not given, takes copies that disturb nobody"),
                ConnectionOption.optional(
                        Settings.SANDBOX,
                        "address of a server on which restores are tried; its password is SQLCMDPASSWORD"),
                ConnectionOption.secret(Settings.PASSWORD, "password of the login in the address"),
                ConnectionOption.secret(Settings.S3_KEY, "access key id and secret key of url, joined by a colon"));
    }

    @Override
    public Application open(Connection connection, Outside outside) {
        SqlServerAddress address = SqlServerAddress.parse(connection.address());
        Settings settings = Settings.of(connection);
        var source = new DriverSource(address, connection.secret(Settings.PASSWORD));
        return new SqlServerApplication(address.shown(), source, settings, connection.secret(Settings.S3_KEY), outside);
    }

    @Override
    public ApplicationRecovery recovery(Outside outside) {
        return new SqlServerRecovery(outside, SqlServerProvider::sandbox);
    }

    private static ConnectionSource sandbox(SqlServerAddress address) {
        String password = System.getenv("SQLCMDPASSWORD");
        return new DriverSource(address, password == null ? null : org.medbackup.core.Secret.ofText(password));
    }
}
