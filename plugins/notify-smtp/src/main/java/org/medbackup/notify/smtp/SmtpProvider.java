package org.medbackup.notify.smtp;

import java.util.List;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.notify.common.ChannelOptions;

/** Opens {@code smtp://host:587} and {@code smtps://host:465}. */
public final class SmtpProvider implements ChannelProvider {

    private static final List<ConnectionOption> OPTIONS = ChannelOptions.all(
            ChannelOptions.TLS,
            List.of(
                    ChannelOptions.ZONE,
                    ConnectionOption.required("from", "Address of the sender; its domain is that of the mails' ids."),
                    ConnectionOption.required("to", "Addresses of those who are told, separated by commas."),
                    ConnectionOption.optional("user", "With which it logs in. It does not without it."),
                    ConnectionOption.secret("password", "Of the user.")));

    /** For {@link java.util.ServiceLoader}. */
    public SmtpProvider() {}

    @Override
    public Set<String> kinds() {
        return Set.of("smtp", "smtps");
    }

    @Override
    public List<ConnectionOption> options() {
        return OPTIONS;
    }

    @Override
    public NotificationChannel open(Connection connection, TimeSource time) {
        return new Smtp(ChannelOptions.of(connection, OPTIONS));
    }
}
