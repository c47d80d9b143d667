package org.medbackup.app.postgresql.recovery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/** The machine's processes, and somebody who takes a port as soon as checksums have been checked. */
final class PortIntruder implements Processes, AutoCloseable {

    private final Processes system = Processes.system();
    private @Nullable ServerSocket taken;
    private int port;

    void takeAfterChecksums(int wanted) {
        port = wanted;
    }

    @Override
    public Completed run(Command command) {
        Completed completed = system.run(command);
        if (port > 0 && command.arguments().contains("--check")) {
            try {
                taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
        return completed;
    }

    @Override
    public Running start(Command command) {
        return system.start(command);
    }

    @Override
    public void close() {
        if (taken != null) {
            try {
                taken.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
