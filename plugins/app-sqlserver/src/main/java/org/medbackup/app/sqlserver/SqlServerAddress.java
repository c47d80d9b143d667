package org.medbackup.app.sqlserver;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Where a server is and as whom we come: {@code sqlserver://user@host:port/}.
 *
 * @param password from the address itself, or null
 * @param options of {@link #OPTIONS}, as the driver means them
 */
public record SqlServerAddress(
        String user, String host, int port, @Nullable Secret password, Map<String, String> options) {

    /** What may stand behind the question mark. */
    static final Set<String> OPTIONS =
            Set.of("encrypt", "trustServerCertificate", "hostNameInCertificate", "trustStore");

    private static final Pattern PLACE = Pattern.compile("([\\w.-]+|\\[[\\da-fA-F:.]+])(?::(\\d{1,5}))?");
    private static final int DEFAULT_PORT = 1433;

    /**
     * Understands an address.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#APPLICATION_URL_MALFORMED}
     */
    public static SqlServerAddress parse(URI address) {
        if (!SqlServerProvider.KIND.equals(address.getScheme())) {
            throw malformed("it does not begin with sqlserver://");
        }
        String authority = address.getRawAuthority();
        if (authority == null) {
            throw malformed("it names no host");
        }
        if (address.getRawPath() != null && address.getRawPath().length() > 1) {
            throw malformed("it names a database; name databases in the option databases");
        }
        int at = authority.lastIndexOf('@');
        String account = at < 0 ? "" : authority.substring(0, at);
        int colon = account.indexOf(':');
        Secret password = colon < 0 ? null : Secret.ofText(decoded(account.substring(colon + 1)));
        Matcher place = PLACE.matcher(authority.substring(at + 1));
        if (!place.matches()) {
            throw malformed("it names no host, or none that can be one");
        }
        int port = place.group(2) == null ? DEFAULT_PORT : Integer.parseInt(place.group(2));
        if (port < 1 || port > 65535) {
            throw malformed("its port is not a number between 1 and 65535");
        }
        String user = decoded(colon < 0 ? account : account.substring(0, colon));
        return new SqlServerAddress(user, place.group(1), port, password, options(address));
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
                // The name only if it is one of an option: what stands here may be a password gone astray.
                throw malformed("an option is none of " + new TreeSet<>(OPTIONS));
            }
            options.put(name, decoded(each.substring(equals + 1)));
        }
        return options;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static BackupException malformed(String why) {
        return ErrorCode.APPLICATION_URL_MALFORMED.because(why);
    }

    /** Kind, host and port, without account or secret. */
    public String shown() {
        return SqlServerProvider.KIND + "://" + host + ":" + port;
    }

    /** For the JDBC driver, without account or secret. */
    public String jdbc() {
        return "jdbc:sqlserver://" + host + ":" + port;
    }

    @Override
    public String toString() {
        return shown();
    }
}
