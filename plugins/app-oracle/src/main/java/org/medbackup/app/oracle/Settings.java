package org.medbackup.app.oracle;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;

/**
 * What the configuration says of one database.
 *
 * @param mode how it is backed up
 * @param kind what RMAN backs up
 * @param folder where the server writes, seen by it and by us under the same path
 * @param home the folder of Oracle's programs on this machine; null for none
 * @param sid instance to which RMAN connects by the operating system; empty where it uses the address
 * @param channels how many RMAN uses
 * @param silence after which a program that says nothing and writes nothing is given up
 * @param allowStandby whether a standby may be backed up
 * @param allowNoLogging whether the database may skip its log for some changes
 * @param allowFullReads whether incremental backups may read every block
 * @param sandbox the folder of Oracle's programs with which restores are tried; empty for none
 */
record Settings(
        Mode mode,
        Kind kind,
        Path folder,
        @Nullable Path home,
        String sid,
        int channels,
        Duration silence,
        boolean allowStandby,
        boolean allowNoLogging,
        boolean allowFullReads,
        String sandbox) {

    static final String MODE = "mode";
    static final String KIND = "kind";
    static final String FOLDER = "folder";
    static final String HOME = "oracleHome";
    static final String SID = "oracleSid";
    static final String CHANNELS = "channels";
    static final String SILENCE = "silenceMinutes";
    static final String STANDBY = "allowStandby";
    static final String NO_LOGGING = "allowNoLogging";
    static final String FULL_READS = "allowFullReads";
    static final String SANDBOX = "sandbox";
    static final String PASSWORD = "password";

    /** How. */
    enum Mode {
        /** RMAN writes backup pieces; nothing is held up. */
        RMAN,
        /** RMAN keeps image copies of the data files in the folder and rolls them forward; nothing is held up. */
        IMAGE_COPIES,
        /** A snapshot of the data files between BEGIN BACKUP and END BACKUP. */
        BACKUP_MODE,
        /** A snapshot of one instant, without backup mode; Enterprise Edition, 12c and later. */
        SNAPSHOT_TIME
    }

    /** What RMAN backs up in mode rman. */
    enum Kind {
        FULL,
        DIFFERENTIAL,
        CUMULATIVE,
        LOG
    }

    static Settings of(Connection connection) {
        Path folder = path(FOLDER, connection.option(FOLDER, ""));
        if (folder == null) {
            throw ErrorCode.USAGE.because("the option folder is missing: the server writes there");
        }
        Settings settings = new Settings(
                one(Mode.class, connection, MODE, "rman"),
                one(Kind.class, connection, KIND, "full"),
                folder,
                path(HOME, connection.option(HOME, "")),
                connection.option(SID, ""),
                number(connection, CHANNELS, 1, 64),
                Duration.ofMinutes(number(connection, SILENCE, 60, 10_000)),
                isSet(connection, STANDBY),
                isSet(connection, NO_LOGGING),
                isSet(connection, FULL_READS),
                connection.option(SANDBOX, ""));
        settings.requireSense();
        return settings;
    }

    private void requireSense() {
        Sql.path(folder);
        if (isByRman() && home == null) {
            throw ErrorCode.USAGE.because("the option oracleHome is missing: RMAN is one of its programs");
        }
        if (mode != Mode.RMAN && kind != Kind.FULL) {
            throw ErrorCode.USAGE.because(
                    "the option kind belongs to mode rman: snapshots and image copies are always whole");
        }
        if (!sid.matches("\\w*")) {
            throw ErrorCode.USAGE.because("the option oracleSid is not the name of an instance");
        }
        path(SANDBOX, sandbox);
    }

    /** Whether RMAN writes the backup. */
    boolean isByRman() {
        return mode == Mode.RMAN || mode == Mode.IMAGE_COPIES;
    }

    Path programs() {
        Path programs = home;
        if (programs == null) {
            throw new IllegalStateException("a mode with RMAN has a home");
        }
        return programs;
    }

    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean isSet(Connection connection, String option) {
        return "true".equals(connection.option(option, "false"));
    }

    private static int number(Connection connection, String option, int otherwise, int most) {
        String text = connection.option(option, Integer.toString(otherwise));
        int number = text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
        if (number < 1 || number > most) {
            throw ErrorCode.USAGE.because("the option " + option + " is not a number between 1 and " + most);
        }
        return number;
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

    private static @Nullable Path path(String option, String text) {
        if (text.isEmpty()) {
            return null;
        }
        if (!text.startsWith("/")) {
            throw ErrorCode.USAGE.because("the option " + option + " is an absolute path");
        }
        return Path.of(text).normalize();
    }
}
