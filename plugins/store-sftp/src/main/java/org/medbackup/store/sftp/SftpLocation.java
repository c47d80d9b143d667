package org.medbackup.store.sftp;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Where a repository lies: {@code sftp://user@host:port/absolute/path?key=FILE&known-hosts=FILE}. Credentials are never
 * part of it.
 *
 * @param user account at the target
 * @param host name or address as it is written in the location, without brackets
 * @param port 22 where the location has none
 * @param path without a slash at its end; empty for the root of what the account sees
 * @param key file of the private key, or null for what the environment says
 * @param knownHosts file of the known host keys, or null for what the environment says
 */
record SftpLocation(
        String user,
        String host,
        int port,
        String path,
        @Nullable Path key,
        @Nullable Path knownHosts) {

    private static final int USUAL_PORT = 22;
    private static final String FORM = "an SFTP location is written sftp://user@host:port/absolute/path";
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._@+-]{0,63}\\$?");
    /** Parts that say nothing, lead upwards or cannot be seen. */
    private static final Pattern STRANGE = Pattern.compile("(^|.*/)(\\.{1,2})(/.*|$)|.*//.*|.*\\p{Cntrl}.*");

    /**
     * Reads a location.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#LOCATION_UNSUPPORTED}, whose message quotes
     *     nothing of the location, since somebody may have put a password into it
     */
    static SftpLocation of(URI location) {
        String user = location.getUserInfo();
        String host = location.getHost();
        if (user != null && user.indexOf(':') >= 0) {
            throw malformed("a password does not belong into a location; set " + Environment.KEY + " or "
                    + Environment.PASSWORD);
        }
        if (user == null || host == null || !USER.matcher(user).matches() || location.getFragment() != null) {
            throw malformed(FORM);
        }
        String path = trimmed(location.getPath());
        if (STRANGE.matcher(path).matches() || !path.isEmpty() && !path.startsWith("/")) {
            throw malformed(FORM);
        }
        Map<String, String> options = options(location.getRawQuery());
        int port = location.getPort();
        return new SftpLocation(
                user,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                port < 0 ? USUAL_PORT : port,
                path,
                file(options.get("key")),
                file(options.get("known-hosts")));
    }

    private static String trimmed(@Nullable String path) {
        return path == null ? "" : path.replaceFirst("/+$", "");
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
                case "key", "known-hosts" ->
                    options.put(key, URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
                default -> throw malformed("an SFTP location knows the options key and known-hosts, each with a file");
            }
        }
        return options;
    }

    private static @Nullable Path file(@Nullable String name) {
        try {
            return name == null ? null : Path.of(name);
        } catch (InvalidPathException malformed) {
            throw malformed("an SFTP location knows the options key and known-hosts, each with a file");
        }
    }

    private static BackupException malformed(String what) {
        return ErrorCode.LOCATION_UNSUPPORTED.because(what);
    }

    /** For people. */
    @Override
    public String toString() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return "sftp://" + user + "@" + name + (port == USUAL_PORT ? "" : ":" + port) + (path.isEmpty() ? "/" : path);
    }
}
