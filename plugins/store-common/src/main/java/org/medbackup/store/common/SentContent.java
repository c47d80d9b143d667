package org.medbackup.store.common;

import java.io.IOException;
import java.io.InputStream;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * Content that is sent, as fast as a throttle lets it: who reads it is the network, which has us wait between two pieces.
 * It must stand where signatures and checksums are made already, so that what it lets pass goes over the socket.
 */
public final class SentContent extends Pieces {

    private final StallWatch.Call call;
    private final Throttle throttle;

    /** From here on content of this call moves. */
    public SentContent(InputStream stream, StallWatch.Call call, Throttle throttle) {
        super(stream);
        this.call = call;
        this.throttle = throttle;
        call.movesContent();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        call.works();
        try (Throttle.Permit permit = throttle.acquire(Throttle.Demand.of(Throttle.Resource.NETWORK_EGRESS, length))) {
            return used(permit, target, offset);
        } finally {
            call.waits();
        }
    }
}
