package org.medbackup.app.postgresql;

import java.util.List;
import java.util.Set;
import org.medbackup.app.postgresql.log.PostgresLog;
import org.medbackup.app.postgresql.recovery.PostgresRecovery;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;

/** Opens {@code postgresql://user@host:port/database}. */
public final class PostgresProvider implements ApplicationProvider {

    /** For the {@link java.util.ServiceLoader}. */
    public PostgresProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("postgresql");
    }

    @Override
    public Application open(Connection connection, Outside outside) {
        return new PostgresApplication(
                Servers.of(connection, outside.time()),
                connection.option("invariant", ""),
                Boolean.parseBoolean(connection.option("snapshot", "false")),
                outside);
    }

    @Override
    public List<ConnectionOption> options() {
        return List.of(
                ConnectionOption.secret(
                        "password", "The role's password; else PGPASSWORD and the password file are asked."),
                ConnectionOption.optional(
                        "invariant", "Queries, one a line, that must return true in a restored database."),
                ConnectionOption.optional(
                        Servers.ROLE, "Which server is backed up: any, primary, standby or prefer-standby. any."),
                ConnectionOption.optional(
                        Servers.PATRONI,
                        "Where Patroni's REST interfaces are, https://host:8008 with commas between; they tell the"
                                + " server, and the address is the cluster's name. None."),
                ConnectionOption.optional(
                        Servers.AUTHORITIES,
                        "PEM file of the only authorities to trust for Patroni. The JDK's otherwise."),
                ConnectionOption.optional(
                        Servers.LAG, "Bytes that a standby may be behind for Patroni to be taken at its word. 16 MiB."),
                ConnectionOption.optional(
                        "snapshot",
                        "true where the files are copied from a snapshot below the file system: the backup is then of"
                                + " one moment, as a group needs it. false where it is not given."));
    }

    @Override
    public ApplicationLog log(Connection connection, Outside outside) {
        return new PostgresLog(Servers.of(connection, outside.time()), outside.time());
    }

    @Override
    public ApplicationRecovery recovery(Outside outside) {
        return new PostgresRecovery(outside);
    }
}
