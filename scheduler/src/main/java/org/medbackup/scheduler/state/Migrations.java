package org.medbackup.scheduler.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.medbackup.core.error.ErrorCode;

/** The versions of the schema. A version that was released is never changed; a change is a new version. */
final class Migrations {

    static final int NEWEST = 4;

    private static final String VERSIONS = "medbackup_schema";

    private final Dialect dialect;
    private final int newest;

    Migrations(Dialect dialect) {
        this(dialect, NEWEST);
    }

    /** Up to an older version, as an older program made it. */
    Migrations(Dialect dialect, int newest) {
        this.dialect = dialect;
        this.newest = newest;
    }

    /** Brings a database to the newest version, all or nothing. */
    int upgrade(Connection connection) throws SQLException {
        dialect.alone(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS " + VERSIONS + " (version INTEGER PRIMARY KEY, at_ms BIGINT NOT NULL)");
            int found = version(statement);
            if (found > newest) {
                throw ErrorCode.STATE_DATABASE_NEWER
                        .because("its schema is newer than this program")
                        .with("found", found)
                        .with("known", newest);
            }
            for (int next = found + 1; next <= newest; next++) {
                for (String command : commands(next)) {
                    statement.execute(command);
                }
                statement.execute("INSERT INTO " + VERSIONS + " VALUES (" + next + ", " + dialect.now() + ")");
            }
            return found;
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT COALESCE(MAX(version), 0) FROM " + VERSIONS)) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private List<String> commands(int version) {
        String name = "schema-" + version + ".sql";
        try (InputStream file = Migrations.class.getResourceAsStream(name)) {
            if (file == null) {
                throw ErrorCode.INTERNAL
                        .because("a version of the schema is not packed")
                        .with("version", version);
            }
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8).replace("${BYTES}", dialect.bytes());
            return List.of(text.strip().split(";\\s*(\n|$)"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
