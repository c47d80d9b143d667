package org.medbackup.core.spi.app;

import java.net.URI;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;

/**
 * How to reach an application: what its configuration says.
 *
 * @param address kind and place, such as {@code postgresql://backup@127.0.0.1:5432/}
 * @param options more, by the names that {@link ApplicationProvider#options} lists; no secrets
 * @param secrets by the same names; owned by the caller, who closes them
 */
public record Connection(URI address, SortedMap<String, String> options, Map<String, Secret> secrets) {

    public Connection {
        options = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(options));
        secrets = Map.copyOf(secrets);
    }

    /** With an address alone. */
    public static Connection to(URI address) {
        return new Connection(address, new TreeMap<>(), Map.of());
    }

    /** The same with one more option. */
    public Connection with(String option, String value) {
        var more = new TreeMap<>(options);
        more.put(option, value);
        return new Connection(address, more, secrets);
    }

    /** The same with more options; those that it has hold where both have one. */
    public Connection with(Map<String, String> others) {
        var more = new TreeMap<>(others);
        more.putAll(options);
        return new Connection(address, more, secrets);
    }

    /** An option, or what holds where it is not given. */
    public String option(String name, String otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    /** A secret, or null where it is not given. */
    public @Nullable Secret secret(String name) {
        return secrets.get(name);
    }

    /** Without the options' values and the secrets. */
    @Override
    public String toString() {
        return "Connection[" + address.getScheme() + ", options " + options.keySet() + ", secrets " + secrets.keySet()
                + "]";
    }
}
