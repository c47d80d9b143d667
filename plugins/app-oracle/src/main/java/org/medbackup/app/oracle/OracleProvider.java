package org.medbackup.app.oracle;

import java.util.List;
import java.util.Set;
import org.medbackup.app.oracle.recovery.OracleRecovery;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;

/** Opens {@code oracle://user@host:port/service}. */
public final class OracleProvider implements ApplicationProvider {

    static final String KIND = "oracle";

    /** For the {@link java.util.ServiceLoader}. */
    public OracleProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of(KIND);
    }

    @Override
    public List<ConnectionOption> options() {
        return List.of(
                ConnectionOption.required(
                        Settings.FOLDER, "absolute path in which the server writes and we read, under the same name"),
                ConnectionOption.optional(
                        Settings.MODE,
                        "rman, which holds where it is not given, image-copies, backup-mode or snapshot-time"),
                ConnectionOption.optional(
                        Settings.KIND,
                        "full, differential, cumulative or log, of mode rman; full where it is not given"),
                ConnectionOption.optional(
                        Settings.HOME, "folder of Oracle's programs, of which rman and image-copies run bin/rman"),
                ConnectionOption.optional(
                        Settings.SID,
                        "instance to which RMAN connects by the operating system; by the address where it is not"
                                + " given"),
                ConnectionOption.optional(Settings.CHANNELS, "how many channels RMAN uses, 1 where it is not given"),
                ConnectionOption.optional(
                        Settings.SILENCE,
                        "minutes after which RMAN is given up when it says and writes nothing, 60 where it is not"
                                + " given"),
                ConnectionOption.optional(
                        Settings.STANDBY,
                        "true where a physical standby may be backed up; false where it is not given"),
                ConnectionOption.optional(
                        Settings.NO_LOGGING,
                        "true where the database need not force logging; false where it is not given"),
                ConnectionOption.optional(
                        Settings.FULL_READS,
                        "true where incremental backups may read every block; false where it is not given"),
                ConnectionOption.optional(
                        Settings.SANDBOX,
                        "folder of Oracle's programs on the machine of a restore, with which it is tried there"),
                ConnectionOption.secret(Settings.PASSWORD, "password of the account in the address"));
    }

    @Override
    public Application open(Connection connection, Outside outside) {
        OracleAddress address = OracleAddress.parse(connection.address());
        var source = new DriverSource(address, connection.secret(Settings.PASSWORD));
        return new OracleApplication(source, Settings.of(connection), outside);
    }

    @Override
    public ApplicationRecovery recovery(Outside outside) {
        return new OracleRecovery(outside);
    }
}
