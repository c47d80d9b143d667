package org.medbackup.notify.syslog;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.core.syslog.SyslogServer;
import org.medbackup.notify.common.ChannelOptions;
import org.medbackup.notify.common.LostConnection;
import org.medbackup.notify.common.TimeLimit;

/** Messages of RFC 5424, each over a connection of its own, so that it is known whether it was read. */
final class Syslog implements NotificationChannel {

    private static final int CLEAR = 514;
    private static final Map<String, Integer> FACILITIES = facilities();

    private final SyslogServer server;
    private final Duration limit;
    private final int facility;
    private final int bytes;

    Syslog(ChannelOptions options) {
        URI address = options.server();
        boolean clear = options.isClear();
        this.server = new SyslogServer(
                address.getHost(),
                options.port(clear ? CLEAR : SyslogServer.OVER_TLS),
                clear ? null : factory(options.authorities()));
        this.limit = options.limit();
        this.facility = FACILITIES.getOrDefault(options.word("facility", "local0", FACILITIES.keySet()), 0);
        this.bytes = options.number("bytes", 8192, 480, 65_536);
    }

    private static Map<String, Integer> facilities() {
        Map<String, Integer> facilities = new TreeMap<>(Map.of("user", 1, "daemon", 3));
        for (int i = 0; i < 8; i++) {
            facilities.put("local" + i, 16 + i);
        }
        return Map.copyOf(facilities);
    }

    private static SSLSocketFactory factory(@Nullable SSLContext authorities) {
        return authorities == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : authorities.getSocketFactory();
    }

    @Override
    public String description() {
        return "syslog at " + server.host() + ":" + server.port() + (server.tls() == null ? " without TLS" : "");
    }

    @Override
    public String send(Notification notification) {
        byte[] message = Message.of(notification, facility, bytes);
        return TimeLimit.within(limit, () -> {
            try {
                server.hand(List.of(message));
                return "";
            } catch (IOException failed) {
                throw LostConnection.as(failed);
            }
        });
    }

    @Override
    public void close() {
        // Each message has closed its connection.
    }
}
