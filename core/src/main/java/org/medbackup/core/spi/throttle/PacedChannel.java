package org.medbackup.core.spi.throttle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Writes to another channel, each piece only when a throttle lets it. For one thread at a time.
 *
 * <p>Closing it closes the other channel.
 */
public final class PacedChannel implements WritableByteChannel {

    private final WritableByteChannel target;
    private final Throttle throttle;
    private final Throttle.Resource resource;

    /**
     * Before a channel.
     *
     * @param resource what its bytes use
     */
    public PacedChannel(WritableByteChannel target, Throttle throttle, Throttle.Resource resource) {
        this.target = target;
        this.throttle = throttle;
        this.resource = resource;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int begin = source.position();
        int end = source.limit();
        while (source.position() < end) {
            var demand = Throttle.Demand.of(resource, end - source.position());
            try (Throttle.Permit permit = throttle.acquire(demand)) {
                int piece = source.position() + (int) permit.amount();
                source.limit(piece);
                int before = source.position();
                try {
                    while (source.hasRemaining()) {
                        target.write(source);
                    }
                } finally {
                    permit.commit(source.position() - before);
                    source.limit(end);
                }
            }
        }
        return end - begin;
    }

    @Override
    public boolean isOpen() {
        return target.isOpen();
    }

    @Override
    public void close() throws IOException {
        target.close();
    }
}
