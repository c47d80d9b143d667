package org.medbackup.app.sqlite;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;

/** Opens {@code sqlite:///path/to.db}. */
public final class SqliteProvider implements ApplicationProvider {

    /** For the {@link java.util.ServiceLoader}. */
    public SqliteProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("sqlite");
    }

    @Override
    public List<ConnectionOption> options() {
        return List.of(
                ConnectionOption.optional(
                        "scratch",
                        "Folder with room for one copy of the database; the folder of the database where it is not"
                                + " given."),
                ConnectionOption.optional(
                        "busySeconds",
                        "How long to wait for a writer that has the database locked; 5 where not given."));
    }

    @Override
    public Application open(Connection connection, Outside outside) {
        Path file = file(connection);
        String scratch = connection.option("scratch", "");
        return new SqliteApplication(
                file, scratch.isEmpty() ? above(file) : Path.of(scratch), busySeconds(connection), outside);
    }

    private static Path file(Connection connection) {
        String path = connection.address().getPath();
        String authority = connection.address().getRawAuthority();
        boolean whole = "sqlite".equals(connection.address().getScheme())
                && (authority == null || authority.isEmpty())
                && path != null
                && path.length() > 1
                && path.startsWith("/");
        if (!whole) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("it is not of the form sqlite:///path/to.db");
        }
        try {
            return Path.of(path).normalize();
        } catch (InvalidPathException impossible) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("its path cannot be one", impossible);
        }
    }

    private static Path above(Path file) {
        Path folder = file.getParent();
        return folder == null ? Path.of("/") : folder;
    }

    private static int busySeconds(Connection connection) {
        String given = connection.option("busySeconds", "5");
        if (!given.matches("[0-9]{1,3}")) {
            throw ErrorCode.USAGE.because("the option busySeconds is a number of seconds below 1000");
        }
        return Integer.parseInt(given);
    }

    @Override
    public ApplicationRecovery recovery(Outside outside) {
        return new SqliteRecovery();
    }
}
