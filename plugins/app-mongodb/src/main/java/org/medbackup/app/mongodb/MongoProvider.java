package org.medbackup.app.mongodb;

import java.util.List;
import java.util.Set;
import org.medbackup.app.mongodb.recovery.MongoRecovery;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;

/** Opens {@code mongodb://user@host:port/}: one member, or the router of a sharded cluster with its members named. */
public final class MongoProvider implements ApplicationProvider {

    static final String KIND = "mongodb";

    /** For the {@link java.util.ServiceLoader}. */
    public MongoProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of(KIND);
    }

    @Override
    public List<ConnectionOption> options() {
        return List.of(
                ConnectionOption.optional(
                        Settings.MODE,
                        "cursor, snapshot or lock; auto, which holds where it is not given, takes the first that is possible"),
                ConnectionOption.optional(
                        Settings.DATA_DIRECTORY,
                        "where the member's data directory lies on this machine; what the server says holds where it is not given"),
                ConnectionOption.optional(
                        Settings.ALLOW_PRIMARY,
                        "true lets the primary be locked; false, which holds where it is not given, refuses it"),
                ConnectionOption.optional(
                        Settings.MAX_LAG,
                        "seconds that the member may be behind the primary; 10 where it is not given"),
                ConnectionOption.optional(
                        Settings.EXPECTED_COPY,
                        "minutes that a copy takes; the oplog has to reach back three times as far; 60 where it is not given"),
                ConnectionOption.optional(
                        Settings.MEMBERS,
                        "of a sharded cluster: one member of the config servers and of each shard, as"
                                + " host:port=/data/directory, separated by semicolons"),
                ConnectionOption.secret(Settings.PASSWORD, "password of the account in the address"));
    }

    @Override
    public Application open(Connection connection, Outside outside) {
        MongoAddress address = MongoAddress.parse(connection.address());
        Settings settings = Settings.of(connection, address);
        var connector = new Connector(address, connection.secret(Settings.PASSWORD));
        return settings.members().isEmpty()
                ? new MemberApplication(connector, settings, outside)
                : new ClusterApplication(connector, settings, outside);
    }

    @Override
    public ApplicationRecovery recovery(Outside outside) {
        return new MongoRecovery(outside);
    }
}
