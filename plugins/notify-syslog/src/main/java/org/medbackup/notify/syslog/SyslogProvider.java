package org.medbackup.notify.syslog;

import java.util.List;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.notify.common.ChannelOptions;

/** Opens {@code syslog://host:6514}. */
public final class SyslogProvider implements ChannelProvider {

    private static final List<ConnectionOption> OPTIONS = ChannelOptions.all(
            ChannelOptions.TLS,
            List.of(
                    ConnectionOption.optional("facility", "user, daemon or local0 to local7. local0."),
                    ConnectionOption.optional("bytes", "Most bytes of a message, 480 to 65536. 8192.")));

    /** For {@link java.util.ServiceLoader}. */
    public SyslogProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("syslog");
    }

    @Override
    public List<ConnectionOption> options() {
        return OPTIONS;
    }

    @Override
    public NotificationChannel open(Connection connection, TimeSource time) {
        return new Syslog(ChannelOptions.of(connection, OPTIONS));
    }
}
