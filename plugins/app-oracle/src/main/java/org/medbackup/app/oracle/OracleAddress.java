package org.medbackup.app.oracle;

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
 * Where a database is and as whom we come: {@code oracle://user@host:port/service}.
 *
 * @param password from the address itself, or null
 * @param options of {@link #OPTIONS}
 */
record OracleAddress(
        String user,
        String host,
        int port,
        String service,
        @Nullable Secret password,
        Map<String, String> options) {

    static final String TLS = "tls";
    static final String INSTANCE = "instance";
    static final String WALLET = "wallet";

    /** What may stand behind the question mark. */
    static final Set<String> OPTIONS = Set.of(TLS, INSTANCE, WALLET);

    private static final Pattern PLACE = Pattern.compile("([\\w.-]+|\\[[\\da-fA-F:.]+])(?::(\\d{1,5}))?");
    private static final Pattern NAME = Pattern.compile("[\\w.$#-]+");
    private static final int DEFAULT_PORT = 1521;

    /**
     * Understands an address.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#APPLICATION_URL_MALFORMED}
     */
    static OracleAddress parse(URI address) {
        if (!OracleProvider.KIND.equals(address.getScheme())) {
            throw malformed("it does not begin with oracle://");
        }
        String authority = address.getRawAuthority();
        if (authority == null) {
            throw malformed("it names no host");
        }
        String path = address.getRawPath();
        String service = path == null || path.length() < 2 ? "" : decoded(path.substring(1));
        if (!NAME.matcher(service).matches()) {
            throw malformed("it names no service of the database, or none that can be one");
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
        if (!user.isEmpty() && !NAME.matcher(user).matches()) {
            throw malformed("its user is not the name of an account");
        }
        return new OracleAddress(user, place.group(1), port, service, password, options(address));
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
        if (options.containsKey(INSTANCE)
                && !NAME.matcher(options.get(INSTANCE)).matches()) {
            throw malformed("its instance is not the name of one");
        }
        return options;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static BackupException malformed(String why) {
        return ErrorCode.APPLICATION_URL_MALFORMED.because(why);
    }

    /** Kind, host, port and service, without account or secret. */
    String shown() {
        return OracleProvider.KIND + "://" + host + ":" + port + "/" + service;
    }

    /** The connect identifier ("Easy Connect"), for the driver and for RMAN; in a cluster always of the same instance. */
    String connectIdentifier() {
        String instance = options.get(INSTANCE);
        String tls = "true".equals(options.get(TLS)) ? "tcps:" : "";
        return tls + "//" + host + ":" + port + "/" + service + (instance == null ? "" : "/" + instance);
    }

    /** For the JDBC driver, without account or secret. */
    String jdbc() {
        return "jdbc:oracle:thin:@" + connectIdentifier();
    }

    @Override
    public String toString() {
        return shown();
    }
}
