package org.medbackup.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SocketsTest {

    private static Set<Long> numbers(List<Sockets.Traffic> sockets) {
        return sockets.stream().map(Sockets.Traffic::socket).collect(Collectors.toSet());
    }

    @Test
    void whatGoesOverAConnectionIsCountedAtBothEndsUntilItIsClosed() throws Exception {
        Set<Long> before = numbers(Sockets.tcp());
        try (ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            try (SocketChannel one = SocketChannel.open(server.getLocalAddress());
                    SocketChannel other = server.accept()) {
                send(one, other, 100_000);

                // The kernel counts one byte for the beginning of a connection.
                List<Sockets.Traffic> opened = Sockets.tcp().stream()
                        .filter(each -> !before.contains(each.socket()))
                        .toList();
                assertThat(opened).hasSizeGreaterThanOrEqualTo(2);
                assertThat(opened).anySatisfy(end -> {
                    assertThat(end.acknowledged()).isBetween(100_000L, 100_001L);
                    assertThat(end.received()).isZero();
                });
                assertThat(opened).anySatisfy(end -> {
                    assertThat(end.received()).isEqualTo(100_000);
                    assertThat(end.acknowledged()).isLessThanOrEqualTo(1);
                });
            }
        }
        assertThat(before).containsAll(numbers(Sockets.tcp()));
    }

    private static void send(SocketChannel from, SocketChannel to, int bytes) throws IOException {
        ByteBuffer sent = ByteBuffer.allocate(bytes);
        ByteBuffer received = ByteBuffer.allocate(bytes);
        while (sent.hasRemaining()) {
            from.write(sent);
        }
        while (received.hasRemaining()) {
            to.read(received);
        }
    }
}
