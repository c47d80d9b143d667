package org.medbackup.store.azure;

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
 * Where a repository lies: {@code azure://account/container/prefix?endpoint=https://host&lock=compliance}. Credentials never
 * stand in it.
 *
 * @param account name of the storage account
 * @param container name of the container
 * @param prefix before the name of every object: empty, or ending with a slash
 * @param service address of the account's blob service, without a slash at its end
 * @param locks whether objects are made with locks that nobody makes end sooner
 */
record AzureLocation(String account, String container, String prefix, URI service, boolean locks) {

    /** Names another service than the public cloud's, where the location does not. */
    static final String ENDPOINT = "MEDBACKUP_AZURE_ENDPOINT";

    private static final String PUBLIC = "https://blob.core.windows.net";
    private static final String OPTION_ENDPOINT = "endpoint";
    private static final String OPTION_LOCK = "lock";
    private static final String USAGE =
            "an Azure location is written azure://account/container/prefix and knows the options endpoint and lock;"
                    + " set AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN for credentials";
    private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9]{3,24}");
    private static final Pattern CONTAINER = Pattern.compile("(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*");
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
    static AzureLocation of(URI location, Environment environment) {
        String account = location.getRawAuthority();
        if (account == null || account.indexOf('@') >= 0 || location.getFragment() != null) {
            throw malformed(USAGE);
        }
        Map<String, String> options = options(location.getRawQuery());
        String path = trimmed(location.getPath());
        int slash = path.indexOf('/');
        String container = slash < 0 ? path : path.substring(0, slash);
        String prefix = slash < 0 ? "" : path.substring(slash + 1) + "/";
        if (!ACCOUNT.matcher(account).matches()
                || !CONTAINER.matcher(container).matches()
                || !PREFIX.matcher(prefix).matches()
                || hasEmptyOrDots(prefix)) {
            throw malformed("an Azure location is written azure://account/container/prefix");
        }
        String endpoint =
                options.containsKey(OPTION_ENDPOINT) ? options.get(OPTION_ENDPOINT) : environment.value(ENDPOINT);
        return new AzureLocation(
                account,
                container,
                prefix,
                service(endpoint == null || endpoint.isBlank() ? PUBLIC : endpoint, account),
                locks(options.get(OPTION_LOCK)));
    }

    private static Map<String, String> options(@Nullable String query) {
        Map<String, String> options = new TreeMap<>();
        if (query == null) {
            return options;
        }
        for (String part : query.split("&")) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? "" : part.substring(0, equals);
            if (!key.equals(OPTION_ENDPOINT) && !key.equals(OPTION_LOCK) || options.containsKey(key)) {
                throw malformed(USAGE);
            }
            options.put(key, URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return options;
    }

    private static boolean locks(@Nullable String option) {
        return switch (option) {
            case null -> false;
            case "compliance" -> true;
            case "governance" ->
                throw malformed("on Azure lock is compliance alone: an unlocked policy can be made to end sooner");
            default -> throw malformed("on Azure lock is compliance");
        };
    }

    private static String trimmed(String path) {
        return path.replaceAll("^/+|/+$", "");
    }

    /** Such parts would not arrive as they were written. */
    private static boolean hasEmptyOrDots(String prefix) {
        return ("/" + prefix).contains("//") || ("/" + prefix).contains("/./") || ("/" + prefix).contains("/../");
    }

    /**
     * The address of an account's service. The account stands before the name of the host, and in the path where that is a
     * number or this machine, as emulators have it; an endpoint that has it already stays as it is.
     */
    private static URI service(String endpoint, String account) {
        URI server = server(endpoint);
        String host = server.getHost();
        String port = server.getPort() < 0 ? "" : ":" + server.getPort();
        String path = trimmed(server.getPath());
        if (host.equals("localhost") || NUMBERS.matcher(host).matches()) {
            return URI.create(server.getScheme() + "://" + host + port + "/" + account);
        }
        String ours = host.startsWith(account + ".") || !path.isEmpty() ? host : account + "." + host;
        return URI.create(server.getScheme() + "://" + ours + port + (path.isEmpty() ? "" : "/" + path));
    }

    private static URI server(String endpoint) {
        try {
            URI server = URI.create(endpoint);
            boolean known = "https".equals(server.getScheme()) || "http".equals(server.getScheme()) && isHere(server);
            if (known
                    && server.getHost() != null
                    && server.getRawUserInfo() == null
                    && server.getRawQuery() == null
                    && server.getRawFragment() == null) {
                return server;
            }
        } catch (IllegalArgumentException notAUri) {
            // Said below, without quoting it.
        }
        throw malformed(
                "an endpoint is written https://host:port, without credentials; http is for this machine alone");
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

    /** For people. */
    @Override
    public String toString() {
        return "azure://" + account + "/" + container
                + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }
}
