package org.medbackup.store.gcs;

import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Where a repository lies: {@code gs://bucket/prefix?endpoint=https://host}. Credentials never stand in it.
 *
 * @param bucket name of the bucket
 * @param prefix before the name of every object: empty, or ending with a slash
 * @param service address of the service, without a path
 */
record GcsLocation(String bucket, String prefix, URI service) {

    /** Names another service than the public one, where the location does not. */
    static final String ENDPOINT = "MEDBACKUP_GCS_ENDPOINT";

    private static final String PUBLIC = "https://storage.googleapis.com";
    private static final String OPTION = "endpoint=";
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
        String query = location.getRawQuery();
        boolean hasOthers = query != null && (!query.startsWith(OPTION) || query.indexOf('&') >= 0);
        if (bucket == null || location.getFragment() != null || hasOthers) {
            throw malformed("a location on Google Cloud Storage is written gs://bucket/prefix and knows the option"
                    + " endpoint; set GOOGLE_APPLICATION_CREDENTIALS for credentials");
        }
        String path = location.getPath().replaceAll("^/+|/+$", "");
        String prefix = path.isEmpty() ? "" : path + "/";
        if (!BUCKET.matcher(bucket).matches() || !PREFIX.matcher(prefix).matches() || hasEmptyOrDots(prefix)) {
            throw malformed("a location on Google Cloud Storage is written gs://bucket/prefix");
        }
        String endpoint = query == null
                ? environment.value(ENDPOINT)
                : URLDecoder.decode(query.substring(OPTION.length()), StandardCharsets.UTF_8);
        return new GcsLocation(bucket, prefix, service(endpoint == null || endpoint.isBlank() ? PUBLIC : endpoint));
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
