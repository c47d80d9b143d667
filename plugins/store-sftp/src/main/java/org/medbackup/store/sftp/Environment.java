package org.medbackup.store.sftp;

import org.jspecify.annotations.Nullable;

/** What the environment of the program says. */
@FunctionalInterface
interface Environment {

    String KEY = "MEDBACKUP_SFTP_KEY";
    String PASSWORD = "MEDBACKUP_SFTP_PASSWORD";
    String KNOWN_HOSTS = "MEDBACKUP_SFTP_KNOWN_HOSTS";
    String HOME = "HOME";

    /** The value of a variable, null where it is not set. */
    @Nullable
    String value(String variable);

    /** The same, null too where it is set to nothing. */
    default @Nullable String set(String variable) {
        String value = value(variable);
        return value == null || value.isBlank() ? null : value;
    }

    /** That of this process: a variable, or the system property that a program sets in its place. */
    static @Nullable String ofProcess(String variable) {
        String property = switch (variable) {
            case KEY -> "medbackup.sftp.key";
            case PASSWORD -> "medbackup.sftp.password";
            case KNOWN_HOSTS -> "medbackup.sftp.knownHosts";
            default -> "user.home";
        };
        String value = System.getProperty(property);
        return value == null ? System.getenv(variable) : value;
    }
}
