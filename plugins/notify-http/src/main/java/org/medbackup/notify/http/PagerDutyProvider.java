package org.medbackup.notify.http;

import java.util.List;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.notify.common.ChannelOptions;

/** Opens {@code pagerduty://events.pagerduty.com}. */
public final class PagerDutyProvider implements ChannelProvider {

    private static final List<ConnectionOption> OPTIONS = ChannelOptions.all(
            ChannelOptions.TLS,
            List.of(
                    ChannelOptions.ZONE,
                    new ConnectionOption(
                            "routingKey", true, true, "Integration key of the service, 32 letters and digits.")));

    /** For {@link java.util.ServiceLoader}. */
    public PagerDutyProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("pagerduty");
    }

    @Override
    public List<ConnectionOption> options() {
        return OPTIONS;
    }

    @Override
    public NotificationChannel open(Connection connection, TimeSource time) {
        return new PagerDuty(ChannelOptions.of(connection, OPTIONS), time);
    }
}
