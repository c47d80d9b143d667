package org.medbackup.notify.http;

import java.util.List;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.notify.common.ChannelOptions;

/** Opens {@code alertmanager://host:9093/prefix}. */
public final class AlertmanagerProvider implements ChannelProvider {

    private static final List<ConnectionOption> OPTIONS = ChannelOptions.all(
            ChannelOptions.TLS,
            List.of(
                    ChannelOptions.ZONE,
                    ConnectionOption.optional(
                            "hours", "Hours after which an alert ends of which nothing more is heard, 1 to 720. 26."),
                    ConnectionOption.optional("user", "For basic authentication. None without it."),
                    ConnectionOption.secret("password", "Of the user.")));

    /** For {@link java.util.ServiceLoader}. */
    public AlertmanagerProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("alertmanager");
    }

    @Override
    public List<ConnectionOption> options() {
        return OPTIONS;
    }

    @Override
    public NotificationChannel open(Connection connection, TimeSource time) {
        return new Alertmanager(ChannelOptions.of(connection, OPTIONS), time);
    }
}
