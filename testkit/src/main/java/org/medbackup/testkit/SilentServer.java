package org.medbackup.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server on loopback, for one port of TCP and the same of UDP, that takes all connections and says nothing, or that ends
 * them at once. Safe for use by several threads.
 */
public final class SilentServer implements AutoCloseable {

    private static final int TRIES = 20;

    private final ServerSocket streams;
    private final DatagramSocket datagrams;
    private final boolean hangsUp;
    private final Thread taking;
    private final List<Socket> taken = new CopyOnWriteArrayList<>();

    private SilentServer(ServerSocket streams, DatagramSocket datagrams, boolean hangsUp) {
        this.streams = streams;
        this.datagrams = datagrams;
        this.hangsUp = hangsUp;
        this.taking = Thread.ofVirtual().start(this::take);
    }

    /** One that says nothing. */
    public static SilentServer start() {
        return start(false);
    }

    /** One that ends each connection as soon as it has it. */
    public static SilentServer hangingUp() {
        return start(true);
    }

    private static SilentServer start(boolean hangsUp) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try {
            for (int tried = 1; ; tried++) {
                var streams = new ServerSocket(0, 50, loopback);
                try {
                    var datagrams = new DatagramSocket(new InetSocketAddress(loopback, streams.getLocalPort()));
                    return new SilentServer(streams, datagrams, hangsUp);
                } catch (IOException takenByAnother) {
                    streams.close();
                    if (tried == TRIES) {
                        throw takenByAnother;
                    }
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** A port of loopback on which nobody listens. */
    public static int absentPort() {
        try (SilentServer gone = start()) {
            return gone.port();
        }
    }

    private void take() {
        try {
            while (true) {
                Socket each = streams.accept();
                if (hangsUp) {
                    each.close();
                } else {
                    taken.add(each);
                }
            }
        } catch (IOException closed) {
            // The end of this server.
        }
    }

    /** Its port. */
    public int port() {
        return streams.getLocalPort();
    }

    @Override
    public void close() {
        datagrams.close();
        try {
            streams.close();
            // The port is free only when nobody waits at it any more.
            taking.join();
            for (Socket each : taken) {
                each.close();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
