package org.medbackup.app.mariadb;

import java.util.List;
import java.util.Set;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;

/** Opens {@code mariadb://user@host:port/}. */
public final class MariadbProvider implements ApplicationProvider {

    /** For the {@link java.util.ServiceLoader}. */
    public MariadbProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("mariadb");
    }

    @Override
    public List<ConnectionOption> options() {
        return List.of(
                ConnectionOption.secret("password", "Of the account; otherwise from the address or MYSQL_PWD."),
                ConnectionOption.optional(
                        "mode",
                        "stream (mariadb-backup reads the files) or stage (a snapshot while commits wait);"
                                + " stream where mariadb-backup is installed, otherwise stage."),
                ConnectionOption.optional(
                        "scratch",
                        "Folder for the part of a stream that has to wait: redo log and tables that are not InnoDB;"
                                + " the system's folder for temporary files where it is not given."));
    }

    @Override
    public Application open(Connection connection, Outside outside) {
        return new MariadbApplication(
                connector(connection, outside),
                Mode.Wish.of(connection),
                connection.options().get(Holder.HANDLE),
                outside);
    }

    private static Connector connector(Connection connection, Outside outside) {
        MariadbAddress address = MariadbAddress.parse(connection.address());
        return new Connector(address, Passwords.of(connection, address, System.getenv()), outside.time());
    }

    @Override
    public ApplicationLog log(Connection connection, Outside outside) {
        return new MariadbLog(connector(connection, outside), outside.processes(), outside.time());
    }

    @Override
    public ApplicationRecovery recovery(Outside outside) {
        return new MariadbRecovery(outside);
    }
}
