package org.medbackup.core.spi.app;

/**
 * One option of a {@link Connection}.
 *
 * @param name as the configuration writes it, such as {@code dataDirectory}
 * @param secret whether it is given as a reference to a secret
 * @param required whether an application of this kind cannot be opened without it
 * @param description one sentence, with the unit and what holds where it is not given
 */
public record ConnectionOption(String name, boolean secret, boolean required, String description) {

    /** One that may be left out. */
    public static ConnectionOption optional(String name, String description) {
        return new ConnectionOption(name, false, false, description);
    }

    /** One that must be given. */
    public static ConnectionOption required(String name, String description) {
        return new ConnectionOption(name, false, true, description);
    }

    /** A secret that may be left out. */
    public static ConnectionOption secret(String name, String description) {
        return new ConnectionOption(name, true, false, description);
    }
}
