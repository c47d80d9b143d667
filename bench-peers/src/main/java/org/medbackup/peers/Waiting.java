package org.medbackup.peers;

import java.util.function.IntConsumer;
import org.medbackup.bench.Limiter;

/**
 * A limiter that is asked before a use and hears nothing after it.
 *
 * @param waiting until so many bytes may be used
 */
record Waiting(IntConsumer waiting) implements Limiter.Opened {

    @Override
    public void pass(int bytes, Runnable use) {
        waiting.accept(bytes);
        use.run();
    }

    @Override
    public void close() {
        // None of them holds anything.
    }
}
