package org.medbackup.store.gateway;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import jdk.net.ExtendedSocketOptions;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreGateway;

/** A gateway at work: one thread takes connections, each of which gets a thread of its own. */
final class ServedSocket implements StoreGateway.Serving {

    /** A writer uses a handful; more than this wait at the door. */
    private static final int MOST_CONNECTIONS = 64;

    private final ObjectStore store;
    private final ServerSocketChannel server;
    private final Path socket;
    private final Set<String> accounts;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(MOST_CONNECTIONS);
    private final CountDownLatch ended = new CountDownLatch(1);

    ServedSocket(ObjectStore store, ServerSocketChannel server, Path socket, Set<String> accounts) {
        this.store = store;
        this.server = server;
        this.socket = socket;
        this.accounts = accounts;
    }

    void start() {
        Thread.ofPlatform().daemon().name("gateway").start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                places.acquire();
                SocketChannel channel = server.accept();
                open.add(channel);
                Thread.ofPlatform().daemon().name("gateway-connection").start(() -> serve(channel));
            }
        } catch (IOException closed) {
            close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            if (accounts.contains(
                    channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName())) {
                new Connection(store, channel).serve();
            }
        } catch (IOException gone) {
            // The other side has ended, or said what nobody understands; it finds out by the end of the connection.
        } finally {
            open.remove(channel);
            places.release();
        }
    }

    @Override
    public void await() {
        try {
            ended.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while serving", interrupted);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (SocketChannel channel : open) {
                channel.close();
            }
            Files.deleteIfExists(socket);
        } catch (IOException failed) {
            throw ErrorCode.STORE_UNAVAILABLE.because("the gateway does not end as it should", failed);
        } finally {
            ended.countDown();
        }
    }
}
