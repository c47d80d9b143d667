package org.medbackup.core.spi.notify;

import java.util.List;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConnectionOption;

/** Opens channels of one kind; found by {@link java.util.ServiceLoader}. */
public interface ChannelProvider {

    /** The URI schemes that it serves, such as {@code smtp}. */
    Set<String> kinds();

    /** What a connection may hold beside its address. */
    List<ConnectionOption> options();

    /**
     * A channel; nothing is connected yet.
     *
     * @param connection whose secrets stay the caller's, and open for as long as the channel is
     * @throws org.medbackup.core.error.UsageException with
     *     {@link org.medbackup.core.error.ErrorCode#CHANNEL_INVALID} where it cannot be one
     */
    NotificationChannel open(Connection connection, TimeSource time);
}
