package org.medbackup.store.common;

import java.io.IOException;
import java.io.InputStream;
import org.medbackup.core.spi.throttle.Throttle;

/** Content that is received, as fast as a throttle lets it: the network has us wait during each piece. */
public final class ReceivedContent extends Pieces {

    private final StallWatch.Call call;
    private final Throttle throttle;

    /** From here on content of this call moves. */
    public ReceivedContent(InputStream stream, StallWatch.Call call, Throttle throttle) {
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
        try (Throttle.Permit permit = throttle.acquire(Throttle.Demand.of(Throttle.Resource.NETWORK_INGRESS, length))) {
            call.waits();
            return used(permit, target, offset);
        } catch (IOException | RuntimeException broken) {
            throw call.meaning(broken);
        } finally {
            call.works();
        }
    }
}
