package org.medbackup.store.s3;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Where a repository lies: {@code s3://bucket/prefix?endpoint=https://host&region=…&profile=…&path-style=true&lock=compliance&storage-class=GLACIER}. What the
 * location leaves out is taken from the usual variables of the environment; credentials always are.
 *
 * @param bucket name of the bucket
 * @param prefix before the name of every object: empty, or ending with a slash
 * @param endpoint of a server that is not Amazon's, or null
 * @param region or null for what the environment says
 * @param profile of the credentials file, or null for what the environment says
 * @param pathStyle whether the bucket stands in the path rather than in the host's name
 * @param lock how objects are locked
 * @param storageClass of packs of data, as S3 names it; empty for the bucket's own
 */
record S3Location(
        String bucket,
        String prefix,
        @Nullable URI endpoint,
        @Nullable String region,
        @Nullable String profile,
        boolean pathStyle,
        Lock lock,
        String storageClass) {

    private static final Set<String> CLASSES = Set.of(
            "STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE");

    /** Object lock of a bucket. */
    enum Lock {
        /** None is used. */
        NONE,
        /** Nobody shortens a lock, not even the account's owner. */
        COMPLIANCE,
        /** Who has a right of his own for it can. */
        GOVERNANCE
    }

    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._/-]*");

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
     *     nothing of the location, since somebody may have put a password into it
     */
    static S3Location of(URI location, Environment environment) {
        String authority = location.getRawAuthority();
        if (authority == null || authority.indexOf('@') >= 0 || location.getFragment() != null) {
            throw malformed(
                    "credentials do not belong into a location; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        }
        String prefix = trimmed(location.getPath());
        if (!BUCKET.matcher(authority).matches() || !PREFIX.matcher(prefix).matches() || prefix.contains("//")) {
            throw malformed("an S3 location is written s3://bucket/prefix");
        }
        Map<String, String> options = options(location.getRawQuery());
        String endpoint = options.get("endpoint");
        if (endpoint == null) {
            endpoint = first(environment, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
        }
        URI server = endpoint == null ? null : server(endpoint);
        String style = options.get("path-style");
        return new S3Location(
                authority,
                prefix.isEmpty() ? "" : prefix + "/",
                server,
                options.get("region"),
                options.get("profile"),
                style == null ? server != null : style.equals("true"),
                lock(options.get("lock")),
                storageClass(options.getOrDefault("storage-class", "")));
    }

    private static String storageClass(String option) {
        if (!option.isEmpty() && !CLASSES.contains(option)) {
            throw malformed("storage-class is one of " + String.join(", ", new TreeSet<>(CLASSES)));
        }
        return option;
    }

    private static Lock lock(@Nullable String option) {
        return switch (option) {
            case null -> Lock.NONE;
            case "compliance" -> Lock.COMPLIANCE;
            case "governance" -> Lock.GOVERNANCE;
            default -> throw malformed("lock is compliance or governance");
        };
    }

    private static String trimmed(@Nullable String path) {
        String prefix = path == null ? "" : path;
        while (prefix.startsWith("/")) {
            prefix = prefix.substring(1);
        }
        while (prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        return prefix;
    }

    private static Map<String, String> options(@Nullable String query) {
        Map<String, String> options = new TreeMap<>();
        if (query == null) {
            return options;
        }
        for (String part : query.split("&")) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part : part.substring(0, equals);
            switch (key) {
                case "endpoint", "region", "profile", "path-style", "lock", "storage-class" ->
                    options.put(key, URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
                default ->
                    throw malformed(
                            "an S3 location knows the options endpoint, region, profile, path-style, lock and storage-class");
            }
        }
        return options;
    }

    private static @Nullable String first(Environment environment, String... names) {
        for (String name : names) {
            String value = environment.value(name);
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }

    private static URI server(String endpoint) {
        try {
            URI server = URI.create(endpoint);
            boolean known = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
            if (known && server.getHost() != null && server.getRawUserInfo() == null) {
                return server;
            }
        } catch (IllegalArgumentException notAUri) {
            // Said below, without quoting it.
        }
        throw malformed("an endpoint is written https://host:port, without credentials");
    }

    private static BackupException malformed(String what) {
        return ErrorCode.LOCATION_UNSUPPORTED.because(what);
    }

    /** For people. */
    @Override
    public String toString() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }
}
