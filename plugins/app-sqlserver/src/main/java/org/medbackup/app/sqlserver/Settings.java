package org.medbackup.app.sqlserver;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;

/**
 * What the configuration says of one server.
 *
 * @param mode how it is backed up
 * @param kind what a streaming backup holds
 * @param scope what one freeze holds
 * @param databases by name; empty for all of users
 * @param folder where the server writes its backups, seen by it and by us under the same path; null for none
 * @param url where the server writes its backups in an object store; empty for a folder
 * @param ownsChain whether backups of this product are the base of differentials and the log chain
 * @param sandbox address of the server on which restores are tried; empty for none
 */
record Settings(
        Mode mode,
        Kind kind,
        Scope scope,
        List<String> databases,
        @Nullable Path folder,
        String url,
        boolean ownsChain,
        String sandbox) {

    static final String MODE = "mode";
    static final String KIND = "kind";
    static final String SCOPE = "scope";
    static final String DATABASES = "databases";
    static final String FOLDER = "folder";
    static final String URL = "url";
    static final String OWNS_CHAIN = "ownsChain";
    static final String SANDBOX = "sandbox";
    static final String PASSWORD = "password";
    static final String S3_KEY = "s3Key";

    Settings {
        databases = List.copyOf(databases);
    }

    /** How. */
    enum Mode {
        /** Suspended around a snapshot of the file system; 2022 and later. */
        SNAPSHOT,
        /** The server writes its own backups; nothing is held up. */
        STREAMING
    }

    /** What a streaming backup holds. */
    enum Kind {
        FULL,
        DIFFERENTIAL,
        LOG
    }

    /** What one freeze holds. */
    enum Scope {
        DATABASE,
        GROUP,
        SERVER
    }

    static Settings of(Connection connection) {
        Settings settings = new Settings(
                one(Mode.class, connection, MODE, "streaming"),
                one(Kind.class, connection, KIND, "full"),
                one(Scope.class, connection, SCOPE, "group"),
                list(connection.option(DATABASES, "")),
                folder(connection.option(FOLDER, "")),
                connection.option(URL, ""),
                "true".equals(connection.option(OWNS_CHAIN, "false")),
                connection.option(SANDBOX, ""));
        settings.requireSense();
        return settings;
    }

    private void requireSense() {
        if (folder == null && (mode == Mode.SNAPSHOT || url.isEmpty())) {
            throw ErrorCode.USAGE.because("the option folder is missing: the server writes there");
        }
        if (scope == Scope.SERVER && !databases.isEmpty()) {
            throw ErrorCode.USAGE.because("the scope server is of all databases: leave the option databases out");
        }
        if (!url.isEmpty() && !url.startsWith("s3://")) {
            throw ErrorCode.USAGE.because("the option url does not begin with s3://");
        }
        if (kind != Kind.FULL && !ownsChain) {
            throw ErrorCode.USAGE.because(
                    "differentials and logs belong to a chain: set ownsChain, or take full backups");
        }
    }

    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> E one(Class<E> type, Connection connection, String option, String otherwise) {
        String text = connection.option(option, otherwise);
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> label(each).equals(text))
                .findFirst()
                .orElseThrow(() -> ErrorCode.USAGE.because("the option " + option + " is none of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Settings::label)
                                .toList()));
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .toList();
    }

    private static @Nullable Path folder(String text) {
        if (text.isEmpty()) {
            return null;
        }
        if (!text.startsWith("/")) {
            throw ErrorCode.USAGE.because("the option folder is an absolute path");
        }
        return Path.of(text).normalize();
    }
}
