package org.medbackup.app.mariadb;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;

/**
 * Where a server is and as whom we come.
 *
 * @param password from the address itself, or null
 */
record MariadbAddress(
        String user, String host, int port, @Nullable Secret password) {

    private static final Pattern AUTHORITY = Pattern.compile(
            "(?:(?<user>[^:@]*)(?::(?<password>.*))?@)?(?<host>[\\w.-]+|\\[[\\da-fA-F:.]+])(?::(?<port>\\d{1,5})?)?");
    private static final int DEFAULT_PORT = 3306;

    /**
     * Understands an address; what is missing is filled with the server's defaults.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#APPLICATION_URL_MALFORMED}
     */
    static MariadbAddress parse(URI address) {
        String authority = address.getRawAuthority();
        Matcher parts = AUTHORITY.matcher(authority == null ? "" : authority);
        if (!"mariadb".equals(address.getScheme()) || !parts.matches()) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("it is not of the form mariadb://user@host:port/");
        }
        String path = address.getRawPath();
        if (path != null && path.length() > 1 || address.getRawQuery() != null) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("a whole server is backed up: it names more than that");
        }
        String port = parts.group("port");
        int number = port == null ? DEFAULT_PORT : Integer.parseInt(port);
        if (number < 1 || number > 65535) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("its port is not a number between 1 and 65535");
        }
        String user = parts.group("user");
        String password = parts.group("password");
        return new MariadbAddress(
                user == null || user.isEmpty() ? "root" : decoded(user),
                parts.group("host"),
                number,
                password == null ? null : Secret.ofText(decoded(password)));
    }

    private static String decoded(String text) {
        // A plus sign is itself here, unlike in forms.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Kind, host and port: what people know it by, without account or secret. */
    String shown() {
        return "mariadb://" + host + ":" + port;
    }

    /** For the JDBC driver, without account or secret. */
    String jdbc() {
        return "jdbc:mariadb://" + host + ":" + port + "/";
    }
}
