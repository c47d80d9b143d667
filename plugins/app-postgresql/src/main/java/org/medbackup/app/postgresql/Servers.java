package org.medbackup.app.postgresql;

import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.patroni.Member;
import org.medbackup.app.postgresql.patroni.Patroni;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Connection;

/**
 * The server that a connection means: the one of its address, or the member that Patroni names whenever it is asked. Under
 * both the cluster bears the name of the address: restore points and log are found by it whoever leads.
 *
 * @param configured as the address says
 * @param role that the server is to have
 * @param patroni null where there is none
 */
public record Servers(
        Connector configured, Role role, @Nullable Patroni patroni) {

    /** By these names a configuration says them. */
    static final String ROLE = "role";

    static final String PATRONI = "patroni";
    static final String AUTHORITIES = "patroniCaFile";
    static final String LAG = "maximumLag";

    /** As far behind as Patroni's own check of a replica is often set to allow. */
    private static final String USUAL_LAG = Long.toString(16L << 20);

    /**
     * A server as it was found.
     *
     * @param member its name in the cluster, empty where nobody was asked
     */
    public record Found(Connector connector, String member) {}

    static Servers of(Connection connection, TimeSource time) {
        String patroni = connection.option(PATRONI, "");
        return new Servers(
                new Connector(
                        PostgresAddress.parse(connection.address()),
                        Passwords.ofThisProcess(connection.secret("password"))),
                Role.of(connection.option(ROLE, "any")),
                patroni.isEmpty()
                        ? null
                        : Patroni.of(
                                patroni, connection.option(AUTHORITIES, ""), connection.option(LAG, USUAL_LAG), time));
    }

    /** The application's address without secrets. */
    public String shown() {
        return configured.shown();
    }

    /**
     * The server as of now.
     *
     * @throws org.medbackup.core.error.UnavailableException where Patroni has none of the role until the deadline
     */
    public Found now(Deadline deadline) {
        Patroni asked = patroni;
        if (asked == null) {
            return new Found(configured, "");
        }
        Member member = asked.choose(role, deadline);
        return new Found(configured.at(member.host(), member.port()), member.name());
    }
}
