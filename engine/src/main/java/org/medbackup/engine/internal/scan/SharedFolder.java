package org.medbackup.engine.internal.scan;

import java.util.concurrent.atomic.AtomicInteger;
import org.medbackup.linux.Fd;

/**
 * An open folder that the walk and the readers of its files share; it is closed when the last of them lets go. Safe for
 * use by several threads.
 */
public final class SharedFolder {

    private final Fd fd;
    private final AtomicInteger users = new AtomicInteger(1);

    /** Takes an open folder over. */
    public SharedFolder(Fd fd) {
        this.fd = fd;
    }

    public Fd fd() {
        return fd;
    }

    /** One user more. */
    public SharedFolder retain() {
        users.incrementAndGet();
        return this;
    }

    /** One user less. */
    public void release() {
        if (users.decrementAndGet() == 0) {
            fd.close();
        }
    }
}
