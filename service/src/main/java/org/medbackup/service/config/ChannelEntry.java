package org.medbackup.service.config;

import java.net.URI;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.app.Connection;

/**
 * A way to people, of the configuration.
 *
 * @param name in the configuration
 * @param address kind and place, such as {@code smtp://mail.clinic.example}, without a password
 * @param options by name
 * @param secrets by name
 */
public record ChannelEntry(
        String name, URI address, SortedMap<String, String> options, SortedMap<String, SecretReference> secrets) {

    public ChannelEntry {
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    /**
     * How it is reached; the caller closes the secrets.
     *
     * @param environment for secrets that come from it
     */
    public Connection connection(Map<String, String> environment) {
        var opened = new TreeMap<String, Secret>();
        secrets.forEach((secret, reference) -> opened.put(secret, reference.secret(environment)));
        return new Connection(address, options, opened);
    }
}
