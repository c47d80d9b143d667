package org.medbackup.store.gcs;

import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Where a repository lies: {@code gs://bucket/prefix?endpoint=https://host&lock=compliance}. Credentials never stand in
 * it.
 *
 * @param bucket name of the bucket
 * @param prefix before the name of every object: empty, or ending with a slash
 * @param service address of the service, without a path
 * @param lock how objects are locked
 */
record GcsLocation(String bucket, String prefix, URI service, Lock lock) {

    /** Names another service than the public one, where the location does not. */
    static final String ENDPOINT = "MEDBACKUP_GCS_ENDPOINT";

    private static final String USAGE =
            "a location on Google Cloud Storage is written gs://bucket/prefix and knows the options endpoint and lock; set"
                    + " GOOGLE_APPLICATION_CREDENTIALS for credentials";
    private static final String PUBLIC = "https://storage.googleapis.com";

    /** Retention of objects. */
    enum Lock {
        /** None is set. */
        NONE,
        /** Nobody makes it end sooner, not even the project's owner: mode Locked. */
        COMPLIANCE,
        /** Who has a right of his own for it can: mode Unlocked. */
        GOVERNANCE;

        private static Lock of(@Nullable String option) {
            return switch (option) {
                case null -> NONE;
                case "compliance" -> COMPLIANCE;
                case "governance" -> GOVERNANCE;
                default -> throw malformed("lock is compliance or governance");
            };
        }
    }

    private static final Pattern BUCKET = Pattern.compile("(?=.{3,222}$)[a-z0-9][a-z0-9_-]*(\\.[a-z0-9_-]+)*(?<![_-])");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._/-]*");
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+|\\[[0-9A-Fa-f:.]+]");

    /** What the environment of the program says. */
    @FunctionalInterface
    interface Environment {

        /** The value of a variable, null where it is not set. */
        @Nullable
        String value(String variable);
    }

    /**
     * Reads a location.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#LOCATION_UNSUPPORTED}, whose message quotes
     *     nothing of the location, since somebody may have put a key or a token into it
     */
    static GcsLocation of(URI location, Environment environment) {
        String bucket = location.getRawAuthority();
        if (bucket == null || location.getFragment() != null) {
            throw malformed(USAGE);
        }
        Map<String, String> options = options(location.getRawQuery());
        String path = location.getPath().replaceAll("^/+|/+$", "");
        String prefix = path.isEmpty() ? "" : path + "/";
        if (!BUCKET.matcher(bucket).matches() || !PREFIX.matcher(prefix).matches() || hasEmptyOrDots(prefix)) {
            throw malformed("a location on Google Cloud Storage is written gs://bucket/prefix");
        }
        String endpoint = options.containsKey("endpoint") ? options.get("endpoint") : environment.value(ENDPOINT);
        return new GcsLocation(
                bucket,
                prefix,
                service(endpoint == null || endpoint.isBlank() ? PUBLIC : endpoint),
                Lock.of(options.get("lock")));
    }

    private static Map<String, String> options(@Nullable String query) {
        Map<String, String> options = new TreeMap<>();
        if (query == null) {
            return options;
        }
        for (String part : query.split("&")) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals);
            if (!key.equals("endpoint") && !key.equals("lock") || equals < 0 || options.containsKey(key)) {
                throw malformed(USAGE);
            }
            options.put(key, URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return options;
    }

    /** Such parts are folders to some tools of others. */
    private static boolean hasEmptyOrDots(String prefix) {
        return ("/" + prefix).contains("//") || ("/" + prefix).contains("/./") || ("/" + prefix).contains("/../");
    }

    private static URI service(String endpoint) {
        try {
            URI server = URI.create(endpoint);
            if (isSafe(server)
                    && server.getHost() != null
                    && server.getRawUserInfo() == null
                    && server.getRawPath().replace("/", "").isEmpty()
                    && server.getRawQuery() == null
                    && server.getRawFragment() == null) {
                return URI.create(server.getScheme() + "://" + server.getRawAuthority());
            }
        } catch (IllegalArgumentException notAUri) {
            // Said below, without quoting it.
        }
        throw malformed(
                "an endpoint is written https://host:port, without credentials; http is for this machine alone");
    }

    /** Whether secrets may be sent to an address: it is encrypted, or on this machine. */
    static boolean isSafe(URI server) {
        return "https".equals(server.getScheme()) || "http".equals(server.getScheme()) && isHere(server);
    }

    /** Whether it is this machine by its number or its usual name; no resolver is asked. */
    private static boolean isHere(URI server) {
        String host = server.getHost();
        if (host == null) {
            return false;
        }
        return host.equals("localhost")
                || NUMBERS.matcher(host).matches()
                        && InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", ""))
                                .isLoopbackAddress();
    }

    private static BackupException malformed(String what) {
        return ErrorCode.LOCATION_UNSUPPORTED.because(what);
    }

    /** Whether the service is one on this machine, which asks for no credentials. */
    boolean isEmulator() {
        return "http".equals(service.getScheme());
    }

    /** For people. */
    @Override
    public String toString() {
        return "gs://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }
}
