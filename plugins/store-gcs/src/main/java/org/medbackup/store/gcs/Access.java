package org.medbackup.store.gcs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** What opens a bucket: tokens of somebody, or nothing. Safe for use by several threads. */
sealed interface Access permits Tokens, Access.Open, Access.Unusable {

    /** The variables that Google's own programs read: the path of a key file, and a host in place of the usual one. */
    String FILE = "GOOGLE_APPLICATION_CREDENTIALS";

    String METADATA = "GCE_METADATA_HOST";

    /** Sends a request as it is, to ask for a token. */
    @FunctionalInterface
    interface Way {

        /** As {@link Wire#send(Ask, Body)}. */
        Answer send(Ask ask, Body body) throws IOException;
    }

    /**
     * Authorizes a request.
     *
     * @throws IOException where a token was asked for and no answer came
     */
    void authorize(Ask ask, Way way) throws IOException;

    /** Notes that the service does not know what a request was authorized by. */
    default void refused(Ask ask) {}

    /**
     * What the environment has for a bucket: a variable that ends with its name in capitals comes before the one without,
     * since two buckets may have two keys. Without a key file it is the machine's own account that is asked for, and
     * nothing where the service is an emulator on this machine.
     */
    static Access of(GcsLocation location, GcsLocation.Environment environment, TimeSource time) {
        String suffix = "_" + location.bucket().toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
        for (String variable : new String[] {FILE + suffix, FILE}) {
            String file = value(environment, variable);
            if (file != null) {
                return file(file, variable, location.lock(), time);
            }
        }
        if (location.isEmulator()) {
            return new Open();
        }
        String host = value(environment, METADATA);
        return host == null || Machine.HOST.matcher(host).matches()
                ? new Tokens(new Machine(host == null ? Machine.USUAL : host), time)
                : new Unusable("the variable " + METADATA + " does not name a host");
    }

    private static @Nullable String value(GcsLocation.Environment environment, String variable) {
        String value = environment.value(variable);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static Access file(String file, String variable, GcsLocation.Lock lock, TimeSource time) {
        String content;
        try {
            content = Files.readString(Path.of(file), StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException unreadable) {
            return new Unusable("the key file that " + variable + " names cannot be read");
        }
        try {
            return new Tokens(ServiceAccount.of(content, lock), time);
        } catch (ServiceAccount.NoKeyException none) {
            return new Unusable("the file that " + variable + " names is " + none.getMessage());
        }
    }

    /** None that is needed. */
    record Open() implements Access {

        @Override
        public void authorize(Ask ask, Way way) {
            // An emulator takes what comes.
        }
    }

    /**
     * None that could be used.
     *
     * @param reason for people
     */
    record Unusable(String reason) implements Access {

        @Override
        public void authorize(Ask ask, Way way) {
            throw missing(reason);
        }
    }

    /** The failure of who has nothing to authorize requests by. */
    static BackupException missing(String reason) {
        return ErrorCode.STORE_DENIED.because(reason).with("cause", "credentials");
    }
}
