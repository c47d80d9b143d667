package org.medbackup.app.mariadb;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.app.Connection;

/** Where a password comes from: the configuration, the address, {@code MYSQL_PWD}. */
final class Passwords {

    private Passwords() {}

    /** The password, or null where none is to be found; the server may let us in without. */
    static @Nullable Secret of(Connection connection, MariadbAddress address, Map<String, String> environment) {
        Secret configured = connection.secret("password");
        if (configured != null) {
            return configured;
        }
        if (address.password() != null) {
            return address.password();
        }
        String variable = environment.get("MYSQL_PWD");
        return variable == null || variable.isEmpty() ? null : Secret.ofText(variable);
    }
}
