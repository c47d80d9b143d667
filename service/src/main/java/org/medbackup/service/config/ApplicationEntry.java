package org.medbackup.service.config;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.app.Connection;

/**
 * An application of the configuration.
 *
 * @param name in the configuration
 * @param url kind and place, without a password
 * @param options by name
 * @param secrets by name
 * @param allowCrashConsistent whether a restore point is kept when the freeze was lost
 * @param frozen how long it may stay frozen
 * @param added how much a backup may cost it
 * @param hooks by {@code pre}, {@code freeze}, {@code thaw}, {@code post}
 */
public record ApplicationEntry(
        String name,
        URI url,
        SortedMap<String, String> options,
        SortedMap<String, SecretReference> secrets,
        boolean allowCrashConsistent,
        Duration frozen,
        Duration added,
        Map<String, HookEntry> hooks) {

    /** How long an application may stay frozen where the configuration says nothing. */
    public static final Duration FROZEN = Duration.ofSeconds(20);

    /** How much a backup may cost it where the configuration says nothing. */
    public static final Duration ADDED = Duration.ofSeconds(30);

    public ApplicationEntry {
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
        hooks = Map.copyOf(hooks);
    }

    /**
     * How it is reached; the caller closes the secrets.
     *
     * @param environment for secrets that come from it
     */
    public Connection connection(Map<String, String> environment) {
        var opened = new TreeMap<String, Secret>();
        secrets.forEach((secret, reference) -> opened.put(secret, reference.secret(environment)));
        return new Connection(url, options, opened);
    }

    /**
     * As {@link #connection}, with those secrets only that can be had now: for who does not talk to the application itself, as
     * on a machine to which the secrets have not been brought yet.
     */
    public Connection connectionAsFarAsKnown(Map<String, String> environment) {
        var opened = new TreeMap<String, Secret>();
        secrets.forEach((secret, reference) -> {
            if (reference.fault(environment).isEmpty()) {
                opened.put(secret, reference.secret(environment));
            }
        });
        return new Connection(url, options, opened);
    }

    /** Its kind, such as {@code postgresql}. */
    public String kind() {
        return url.getScheme();
    }
}
