package org.medbackup.notify.common;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PlainText;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.core.tls.Authorities;

/**
 * A channel's connection, read with care: what a kind does not know is refused, and so is what it needs and was not given.
 * All failures are {@link ErrorCode#CHANNEL_INVALID} and name an option, never its value. Safe for use by several threads.
 */
public final class ChannelOptions {

    /** How long a notification may take, for every kind. */
    public static final ConnectionOption TIMEOUT =
            ConnectionOption.optional("timeout", "Seconds that one notification may take, 1 to 300. 10.");

    /** For the kinds over TLS. */
    public static final List<ConnectionOption> TLS = List.of(
            ConnectionOption.optional("tls", "none speaks in the clear. TLS with a checked certificate otherwise."),
            ConnectionOption.optional("ca", "PEM file of the only authorities to trust. The JDK's otherwise."),
            TIMEOUT);

    /** For the kinds that tell times to people. */
    public static final ConnectionOption ZONE =
            ConnectionOption.optional("zone", "Zone in which times are told, such as Europe/Berlin. UTC.");

    private static final int LONGEST = 300;

    private final Connection connection;

    private ChannelOptions(Connection connection) {
        this.connection = connection;
    }

    /** Reads a connection of a kind that knows these options. */
    public static ChannelOptions of(Connection connection, List<ConnectionOption> known) {
        check(connection.options().keySet(), known, option -> !option.secret());
        check(connection.secrets().keySet(), known, ConnectionOption::secret);
        for (ConnectionOption each : known) {
            boolean given = each.secret()
                    ? connection.secret(each.name()) != null
                    : !connection.option(each.name(), "").isBlank();
            if (each.required() && !given) {
                throw invalid(each.name() + " is needed");
            }
        }
        return new ChannelOptions(connection);
    }

    private static void check(Set<String> given, List<ConnectionOption> known, Predicate<ConnectionOption> kind) {
        Set<String> names =
                known.stream().filter(kind).map(ConnectionOption::name).collect(Collectors.toSet());
        for (String each : given) {
            if (!names.contains(each)) {
                throw invalid("it has an option that its kind does not know, or as a secret, or not as one")
                        .with("option", each);
            }
        }
    }

    /** One list of several. */
    @SafeVarargs
    public static List<ConnectionOption> all(List<ConnectionOption>... parts) {
        List<ConnectionOption> all = new ArrayList<>();
        for (List<ConnectionOption> each : parts) {
            all.addAll(each);
        }
        return List.copyOf(all);
    }

    /** A failure of the configuration. */
    public static BackupException invalid(String detail) {
        return ErrorCode.CHANNEL_INVALID.because(detail);
    }

    /** A failure of the configuration, with what led to it. */
    public static BackupException invalid(String detail, Throwable cause) {
        return ErrorCode.CHANNEL_INVALID.because(detail, cause);
    }

    /** Where the server is. An address that holds a user, a query or a fragment is refused. */
    public URI address() {
        URI address = connection.address();
        if (address.getHost() == null
                || address.getRawUserInfo() != null
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            throw invalid("its address is KIND://HOST, with a port or a path where its kind has them, and no more");
        }
        return address;
    }

    /** As {@link #address()}, for kinds whose servers have no paths. */
    public URI server() {
        URI address = address();
        if (!address.getRawPath().matches("/?")) {
            throw invalid("its address has no path");
        }
        return address;
    }

    /** The address's port, or the one that holds where it has none. */
    public int port(int otherwise) {
        int port = connection.address().getPort();
        if (port == 0 || port > 0xffff) {
            throw invalid("its port is none");
        }
        return port < 0 ? otherwise : port;
    }

    /** An option, or what holds where it is not given. */
    public String text(String name, String otherwise) {
        String value = connection.option(name, otherwise);
        if (!value.equals(PlainText.oneLine(value))) {
            throw invalid(name + " is one line");
        }
        return value;
    }

    /** One of some words. */
    public String word(String name, String otherwise, Set<String> words) {
        String value = text(name, otherwise);
        if (!words.contains(value)) {
            throw invalid(name + " is one of " + words.stream().sorted().collect(Collectors.joining(", ")));
        }
        return value;
    }

    /** A whole number. */
    public int number(String name, int otherwise, int least, int most) {
        String value = text(name, Integer.toString(otherwise));
        int number = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : -1;
        if (number < least || number > most) {
            throw invalid(name + " is a whole number from " + least + " to " + most);
        }
        return number;
    }

    /** Whether the server is spoken to without TLS, which somebody has to say. */
    public boolean isClear() {
        String tls = text("tls", "");
        if (!tls.isEmpty() && !tls.equals("none")) {
            throw invalid("tls is none, or not given");
        }
        boolean clear = tls.equals("none");
        if (clear && !text("ca", "").isEmpty()) {
            throw invalid("ca is of no use where tls is none");
        }
        return clear;
    }

    /** TLS that trusts the authorities of {@code ca} alone; null where those of the JDK are trusted. */
    public @Nullable SSLContext authorities() {
        String file = text("ca", "");
        return file.isEmpty() ? null : Authorities.only(Path.of(file), "ca", ErrorCode.CHANNEL_INVALID);
    }

    /** How long a notification may take. */
    public Duration limit() {
        return Duration.ofSeconds(number(TIMEOUT.name(), 10, 1, LONGEST));
    }

    /** In which zone times are told. */
    public ZoneId zone() {
        try {
            return ZoneId.of(text(ZONE.name(), "UTC"));
        } catch (DateTimeException unknown) {
            throw invalid("zone is the name of a zone, such as Europe/Berlin", unknown);
        }
    }

    /** A secret, or null where it is not given. */
    public @Nullable Secret secret(String name) {
        return connection.secret(name);
    }

    /** A secret's text, where a library takes no bytes; it must reach no message. Empty where it is not given. */
    public static String textOf(@Nullable Secret secret) {
        return secret == null ? "" : secret.use(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
}
