package org.medbackup.app.mongodb;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;

/**
 * What the configuration says of one application.
 *
 * @param mode how it is backed up
 * @param dataDirectory where the files lie here; null where the server says it
 * @param allowPrimary whether a primary may be locked
 * @param maxLag how far behind the primary the member may be
 * @param expectedCopy how long a copy is expected to take
 * @param members of a sharded cluster; empty for one member
 */
record Settings(
        Mode mode,
        @Nullable Path dataDirectory,
        boolean allowPrimary,
        Duration maxLag,
        Duration expectedCopy,
        List<Shard> members) {

    static final String MODE = "mode";
    static final String DATA_DIRECTORY = "dataDirectory";
    static final String ALLOW_PRIMARY = "allowPrimary";
    static final String MAX_LAG = "maxLagSeconds";
    static final String EXPECTED_COPY = "expectedCopyMinutes";
    static final String MEMBERS = "members";
    static final String PASSWORD = "password";

    Settings {
        members = List.copyOf(members);
    }

    /** How a member is backed up. */
    enum Mode {
        /** The first of the others that is possible. */
        AUTO,
        /** A backup cursor keeps the files as they are; nothing is held up. */
        CURSOR,
        /** A snapshot of the file system, of one instant; nothing is held up. */
        SNAPSHOT,
        /** A snapshot that is not of one instant, under a lock. */
        LOCK;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One member of a sharded cluster. */
    record Shard(MongoAddress address, Path dataDirectory) {}

    static Settings of(Connection connection, MongoAddress address) {
        String directory = connection.option(DATA_DIRECTORY, "");
        return new Settings(
                mode(connection.option(MODE, "auto")),
                directory.isEmpty() ? null : absolute(directory),
                "true".equals(connection.option(ALLOW_PRIMARY, "false")),
                Duration.ofSeconds(number(connection, MAX_LAG, 10)),
                Duration.ofMinutes(number(connection, EXPECTED_COPY, 60)),
                members(connection.option(MEMBERS, ""), address));
    }

    private static Mode mode(String name) {
        for (Mode each : Mode.values()) {
            if (each.label().equals(name)) {
                return each;
            }
        }
        throw ErrorCode.USAGE.because("the option mode is none of auto, cursor, snapshot, lock");
    }

    private static int number(Connection connection, String option, int otherwise) {
        try {
            int value = Integer.parseInt(connection.option(option, Integer.toString(otherwise)));
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException notOne) {
            // Told below, as for a number that is too small.
        }
        throw ErrorCode.USAGE.because("the option " + option + " is not a number above zero");
    }

    private static List<Shard> members(String text, MongoAddress address) {
        List<Shard> members = new ArrayList<>();
        for (String each : text.split(";")) {
            if (each.isBlank()) {
                continue;
            }
            int equals = each.indexOf('=');
            if (equals < 0) {
                throw ErrorCode.USAGE.because("a member is written as host:port=/data/directory");
            }
            members.add(new Shard(
                    address.member(each.substring(0, equals).strip()),
                    absolute(each.substring(equals + 1).strip())));
        }
        return members;
    }

    private static Path absolute(String text) {
        Path path = Path.of(text);
        if (!path.isAbsolute()) {
            throw ErrorCode.USAGE.because("a data directory is an absolute path");
        }
        return path.normalize();
    }
}
