package org.medbackup.notify.snmp;

import java.util.List;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.notify.common.ChannelOptions;

/** Opens {@code snmp://host:162}. */
public final class SnmpProvider implements ChannelProvider {

    private static final List<ConnectionOption> OPTIONS = List.of(
            ChannelOptions.TIMEOUT,
            ConnectionOption.required("user", "User of SNMPv3 at the receiver."),
            new ConnectionOption("authPassword", true, true, "For authentication, at least 8 bytes."),
            new ConnectionOption("privPassword", true, true, "For privacy, at least 8 bytes."),
            ConnectionOption.optional("auth", "sha-224, sha-256, sha-384 or sha-512. sha-256."),
            ConnectionOption.optional("priv", "aes-128, aes-192 or aes-256. aes-128."));

    /** For {@link java.util.ServiceLoader}. */
    public SnmpProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("snmp");
    }

    @Override
    public List<ConnectionOption> options() {
        return OPTIONS;
    }

    @Override
    public NotificationChannel open(Connection connection, TimeSource time) {
        return new Inform(ChannelOptions.of(connection, OPTIONS), time);
    }
}
