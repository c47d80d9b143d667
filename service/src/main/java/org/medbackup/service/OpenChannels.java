package org.medbackup.service;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.service.config.ChannelEntry;

/** The channels of the configuration, open. One that cannot be opened fails where it is used, and the others are told. */
final class OpenChannels implements AutoCloseable {

    private final Map<String, NotificationChannel> channels = new TreeMap<>();
    private final List<Secret> secrets = new ArrayList<>();

    private OpenChannels() {}

    static OpenChannels of(Map<String, ChannelEntry> entries, Map<String, String> environment, TimeSource time) {
        Map<String, ChannelProvider> kinds = new HashMap<>();
        for (ChannelProvider provider : ServiceLoader.load(ChannelProvider.class)) {
            provider.kinds().forEach(kind -> kinds.put(kind, provider));
        }
        var open = new OpenChannels();
        entries.forEach((name, entry) -> open.channels.put(name, open.opened(entry, kinds, environment, time)));
        return open;
    }

    private NotificationChannel opened(
            ChannelEntry entry, Map<String, ChannelProvider> kinds, Map<String, String> environment, TimeSource time) {
        try {
            Connection connection = entry.connection(environment);
            secrets.addAll(connection.secrets().values());
            ChannelProvider provider = kinds.get(entry.address().getScheme());
            if (provider == null) {
                throw ErrorCode.CHANNEL_INVALID.because("nothing serves this kind of address");
            }
            return provider.open(connection, time);
        } catch (BackupException failed) {
            return new Unopened(failed);
        }
    }

    /** By their names. */
    Map<String, NotificationChannel> byName() {
        return channels;
    }

    /** A channel that cannot be opened. */
    private record Unopened(BackupException reason) implements NotificationChannel {

        @Override
        public String description() {
            return "a channel that cannot be opened";
        }

        @Override
        public String send(Notification notification) {
            throw reason;
        }

        @Override
        public void close() {}
    }

    @Override
    public void close() {
        channels.values().forEach(NotificationChannel::close);
        secrets.forEach(Secret::close);
    }
}
