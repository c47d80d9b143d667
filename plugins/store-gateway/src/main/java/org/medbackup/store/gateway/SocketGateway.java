package org.medbackup.store.gateway;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreGateway;

/** Serves a store on a Unix socket. The kernel tells who connects; others than those who may are turned away. */
public final class SocketGateway implements StoreGateway {

    /** For the service loader. */
    public SocketGateway() {}

    @Override
    public Serving serve(ObjectStore store, Path socket, Set<String> accounts) {
        try {
            removeAbandoned(socket);
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.bind(UnixDomainSocketAddress.of(socket));
                // Everybody may knock; who is let in, the kernel's word on the account decides.
                Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
                var served = new ServedSocket(store, channel, socket, Set.copyOf(accounts));
                served.start();
                return served;
            } catch (IOException failed) {
                channel.close();
                throw failed;
            }
        } catch (IOException | IllegalArgumentException failed) {
            throw ErrorCode.TARGET_UNUSABLE
                    .because("the socket cannot be made", failed)
                    .with("socket", socket);
        }
    }

    /** What a server left that was killed; one that still answers keeps its socket. */
    private static void removeAbandoned(Path socket) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException("something that is no socket is in its place");
        }
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            throw new IOException("another gateway serves there, connected by " + probe.getLocalAddress());
        } catch (java.net.ConnectException nobody) {
            Files.delete(socket);
        }
    }
}
