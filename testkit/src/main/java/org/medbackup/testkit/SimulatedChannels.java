package org.medbackup.testkit;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.NotificationChannel;

/**
 * Ways to people who a test plays, at addresses such as {@code told://NAME}. Who is not there does not answer. Safe for use
 * by several threads.
 */
public final class SimulatedChannels implements ChannelProvider {

    private static final Map<String, Consumer<Notification>> PEOPLE = new ConcurrentHashMap<>();

    /** For the service loader. */
    public SimulatedChannels() {}

    /**
     * Places somebody.
     *
     * @param hears each notification; throws where it is not taken
     */
    public static void place(String name, Consumer<Notification> hears) {
        PEOPLE.put(name, hears);
    }

    /** Takes somebody away. */
    public static void remove(String name) {
        PEOPLE.remove(name);
    }

    @Override
    public Set<String> kinds() {
        return Set.of("told");
    }

    @Override
    public List<ConnectionOption> options() {
        return List.of(
                ConnectionOption.optional("loud", "Whether it wakes them. No."),
                ConnectionOption.secret("word", "What they know us by. None."));
    }

    @Override
    public NotificationChannel open(Connection connection, TimeSource time) {
        String name = connection.address().getHost();
        return new NotificationChannel() {
            @Override
            public String description() {
                return "told://" + name;
            }

            @Override
            public String send(Notification notification) {
                Consumer<Notification> hears = PEOPLE.get(name);
                if (hears == null) {
                    throw ErrorCode.NOTIFICATION_UNDELIVERED.because("nobody is there");
                }
                hears.accept(notification);
                return "heard";
            }

            @Override
            public void close() {}
        };
    }
}
