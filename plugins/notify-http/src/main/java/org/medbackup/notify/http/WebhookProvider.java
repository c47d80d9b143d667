package org.medbackup.notify.http;

import java.util.List;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.notify.common.ChannelOptions;

/** Opens {@code webhook://host/path}. */
public final class WebhookProvider implements ChannelProvider {

    private static final List<ConnectionOption> OPTIONS = ChannelOptions.all(
            ChannelOptions.TLS,
            List.of(
                    ConnectionOption.secret(
                            "secret",
                            "Signs each request; at least 24 bytes, or whsec_ and base64. Not signed otherwise."),
                    ConnectionOption.secret("query", "Query of the address, where it holds a token. None.")));

    /** For {@link java.util.ServiceLoader}. */
    public WebhookProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("webhook");
    }

    @Override
    public List<ConnectionOption> options() {
        return OPTIONS;
    }

    @Override
    public NotificationChannel open(Connection connection, TimeSource time) {
        return new Webhook(ChannelOptions.of(connection, OPTIONS), time);
    }
}
