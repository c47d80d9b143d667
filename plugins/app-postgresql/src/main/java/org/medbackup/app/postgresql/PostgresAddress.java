package org.medbackup.app.postgresql;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Where a server is and as whom we come, in the form of libpq's connection URIs (PostgreSQL manual, "Connection URIs").
 *
 * @param password from the address itself, or null
 * @param options of {@link #OPTIONS}
 */
record PostgresAddress(
        String user,
        String host,
        int port,
        String database,
        @Nullable Secret password,
        Map<String, String> options) {

    /** What may stand behind the question mark; libpq and the JDBC driver mean the same by these. */
    static final Set<String> OPTIONS = Set.of("sslmode", "sslrootcert");

    private static final Pattern HOST = Pattern.compile("[\\w.-]+|\\[[\\da-fA-F:.]+\\]");
    private static final String DEFAULT = "postgres";
    private static final int DEFAULT_PORT = 5432;

    /**
     * Understands an address; what is missing is filled with PostgreSQL's defaults.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#APPLICATION_URL_MALFORMED}
     */
    static PostgresAddress parse(URI address) {
        if (!"postgresql".equals(address.getScheme())) {
            throw malformed("it does not begin with postgresql://");
        }
        String authority = address.getRawAuthority();
        if (authority == null) {
            throw malformed("it names no host");
        }
        int at = authority.lastIndexOf('@');
        String account = at < 0 ? "" : authority.substring(0, at);
        String place = authority.substring(at + 1);
        int colon = account.indexOf(':');
        String user = decoded(colon < 0 ? account : account.substring(0, colon));
        Secret password = colon < 0 ? null : Secret.ofText(decoded(account.substring(colon + 1)));
        return new PostgresAddress(
                orDefault(user), host(place), port(place), database(address), password, options(address));
    }

    private static String host(String place) {
        String host = place.startsWith("[")
                ? place.substring(0, place.indexOf(']') + 1)
                : place.substring(0, place.indexOf(':') < 0 ? place.length() : place.indexOf(':'));
        if (!HOST.matcher(host).matches()) {
            throw malformed("it names no host, or none that can be one");
        }
        return host;
    }

    private static int port(String place) {
        int colon = place.indexOf(':', place.indexOf(']') + 1);
        String port = colon < 0 ? "" : place.substring(colon + 1);
        if (port.isEmpty()) {
            return DEFAULT_PORT;
        }
        try {
            int number = Integer.parseInt(port);
            if (number > 0 && number <= 65535) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // Told below, as for a number that is none of a port.
        }
        throw malformed("its port is not a number between 1 and 65535");
    }

    private static String database(URI address) {
        String path = address.getRawPath() == null ? "" : address.getRawPath();
        String database = path.startsWith("/") ? path.substring(1) : path;
        if (database.indexOf('/') >= 0) {
            throw malformed("it names more than one database");
        }
        return orDefault(decoded(database));
    }

    private static Map<String, String> options(URI address) {
        var options = new TreeMap<String, String>();
        String query = address.getRawQuery();
        if (query == null || query.isEmpty()) {
            return options;
        }
        for (String each : query.split("&")) {
            int equals = each.indexOf('=');
            String name = equals < 0 ? each : each.substring(0, equals);
            if (equals < 0 || !OPTIONS.contains(name)) {
                // The name only if it is one of a parameter: what stands here may be a password gone astray.
                throw malformed("an option is none of " + new java.util.TreeSet<>(OPTIONS));
            }
            options.put(name, decoded(each.substring(equals + 1)));
        }
        return options;
    }

    private static String orDefault(String text) {
        return text.isEmpty() ? DEFAULT : text;
    }

    private static String decoded(String text) {
        // A plus sign is itself here, unlike in forms.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static BackupException malformed(String why) {
        return ErrorCode.APPLICATION_URL_MALFORMED.because(why);
    }

    /**
     * The same on another host.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_FAILED} where it is none
     */
    PostgresAddress at(String other, int otherPort) {
        String bracketed = other.contains(":") && !other.startsWith("[") ? "[" + other + "]" : other;
        if (!HOST.matcher(bracketed).matches() || otherPort < 1 || otherPort > 65535) {
            throw ErrorCode.APPLICATION_FAILED.because("the cluster names a member without a host");
        }
        return new PostgresAddress(user, bracketed, otherPort, database, password, options);
    }

    /** Kind, host and port: what people know it by, without account or secret. */
    String shown() {
        return "postgresql://" + host + ":" + port;
    }

    /** For the JDBC driver, without account or secret. */
    String jdbc() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }
}
