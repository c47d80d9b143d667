package org.medbackup.app.mongodb;

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
 * Where one member or router is and as whom we come, in the form of MongoDB's connection strings (MongoDB manual,
 * "Connection Strings").
 *
 * @param user empty where the server asks for no login
 * @param password from the address itself, or null
 * @param options of {@link #OPTIONS}
 */
record MongoAddress(
        String user, String host, int port, @Nullable Secret password, Map<String, String> options) {

    /** What may stand behind the question mark. */
    static final Set<String> OPTIONS = Set.of("authSource", "authMechanism", "tls");

    private static final Pattern PLACE = Pattern.compile("([\\w.-]+|\\[[\\da-fA-F:.]+])(?::(\\d{1,5}))?");
    private static final int DEFAULT_PORT = 27017;

    /**
     * Understands an address.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#APPLICATION_URL_MALFORMED}
     */
    static MongoAddress parse(URI address) {
        if (!MongoProvider.KIND.equals(address.getScheme())) {
            throw malformed("it does not begin with mongodb://");
        }
        String authority = address.getRawAuthority();
        if (authority == null) {
            throw malformed("it names no host");
        }
        if (address.getRawPath() != null && address.getRawPath().length() > 1) {
            throw malformed("it names a database; a backup is of a whole member");
        }
        int at = authority.lastIndexOf('@');
        String account = at < 0 ? "" : authority.substring(0, at);
        int colon = account.indexOf(':');
        String user = decoded(colon < 0 ? account : account.substring(0, colon));
        Secret password = colon < 0 ? null : Secret.ofText(decoded(account.substring(colon + 1)));
        MongoAddress place = place(authority.substring(at + 1));
        return new MongoAddress(user, place.host, place.port, password, options(address));
    }

    /** Host and port alone. */
    private static MongoAddress place(String text) {
        Matcher matcher = PLACE.matcher(text);
        if (!matcher.matches()) {
            throw malformed("it names no host, or more than one; name the member that is backed up");
        }
        int port = matcher.group(2) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(2));
        if (port < 1 || port > 65535) {
            throw malformed("its port is not a number between 1 and 65535");
        }
        return new MongoAddress("", matcher.group(1), port, null, Map.of());
    }

    /** Another member that is reached with the same account. */
    MongoAddress member(String place) {
        MongoAddress other = place(place);
        return new MongoAddress(user, other.host, other.port, password, options);
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

    boolean tls() {
        return "true".equals(options.get("tls"));
    }

    /** Kind, host and port, without account or secret. */
    String shown() {
        return MongoProvider.KIND + "://" + host + ":" + port;
    }

    @Override
    public String toString() {
        return shown();
    }
}
