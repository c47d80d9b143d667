package org.medbackup.governor.observe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.medbackup.core.spi.throttle.Throttle.Resource;
import org.medbackup.linux.LinuxException;
import org.medbackup.linux.Sockets;

/**
 * What went over the TCP connections of this process, by the kernel's count for each of them (TCP_INFO).
 *
 * <p>That proves a lower bound of what all connections together carried, whoever they lead to: what a connection carried
 * between the last look at it and its end is missing, and what programs that were started send is not there at all. Headers,
 * signatures and TLS are in it, which limits on networks do not count; for them a tenth is allowed. Used by one thread.
 */
public final class SocketUsage implements UsageSource {

    private static final long RESOLUTION = 4 << 20;
    private static final double PART = 0.1;

    private final Resource resource;
    private final Supplier<List<Sockets.Traffic>> sockets;
    private final Map<Long, Long> last = new HashMap<>();
    private long total;

    SocketUsage(Resource resource, Supplier<List<Sockets.Traffic>> sockets) {
        if (resource != Resource.NETWORK_EGRESS && resource != Resource.NETWORK_INGRESS) {
            throw new IllegalArgumentException("no network: " + resource);
        }
        this.resource = resource;
        this.sockets = sockets;
    }

    /**
     * Counts from now on.
     *
     * @param direction {@link Resource#NETWORK_EGRESS} or {@link Resource#NETWORK_INGRESS}
     */
    public static SocketUsage of(Resource direction) {
        return new SocketUsage(direction, Sockets::tcp);
    }

    @Override
    public Resource resource() {
        return resource;
    }

    @Override
    public OptionalLong total() {
        try {
            Map<Long, Long> now = new HashMap<>();
            for (Sockets.Traffic each : sockets.get()) {
                now.put(each.socket(), resource == Resource.NETWORK_EGRESS ? each.acknowledged() : each.received());
            }
            now.forEach((socket, bytes) -> total += Math.max(0, bytes - last.getOrDefault(socket, 0L)));
            last.clear();
            last.putAll(now);
            return OptionalLong.of(total);
        } catch (LinuxException unreadable) {
            return OptionalLong.empty();
        }
    }

    @Override
    public long resolution() {
        return RESOLUTION;
    }

    @Override
    public double share() {
        return PART;
    }
}
