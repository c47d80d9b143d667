package org.medbackup.governor.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.spi.throttle.PacedChannel;
import org.medbackup.core.spi.throttle.Throttle.Resource;
import org.medbackup.governor.GovernedJob;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;
import org.medbackup.governor.WorkClass;
import org.medbackup.linux.Fd;
import org.medbackup.linux.LinuxException;
import org.medbackup.linux.Sockets;
import org.medbackup.testkit.ManualTime;

class SocketUsageTest {

    private static final int SIZE = 16_000_000;

    private final List<Sockets.Traffic> sockets = new ArrayList<>();

    @Test
    void connectionsAreAddedUpByTheirDirectionAlsoThoseThatHaveEnded() {
        var sent = new SocketUsage(Resource.NETWORK_EGRESS, () -> sockets);
        var received = new SocketUsage(Resource.NETWORK_INGRESS, () -> sockets);
        sockets.add(new Sockets.Traffic(1, 100, 7));
        assertThat(sent.total()).hasValue(100);
        assertThat(received.total()).hasValue(7);

        sockets.set(0, new Sockets.Traffic(1, 150, 7));
        sockets.add(new Sockets.Traffic(2, 1000, 0));
        assertThat(sent.total()).hasValue(1150);

        sockets.clear();
        sockets.add(new Sockets.Traffic(3, 1, 3));
        assertThat(sent.total()).hasValue(1151);
        assertThat(received.total()).hasValue(10);
        assertThat(received.resource()).isEqualTo(Resource.NETWORK_INGRESS);
    }

    @Test
    void whatCannotBeReadIsNotKnown() {
        var unreadable = new SocketUsage(Resource.NETWORK_EGRESS, () -> {
            throw assertThrows(
                    LinuxException.class,
                    () -> Fd.CWD
                            .open("/absent".getBytes(StandardCharsets.UTF_8), Fd.READ)
                            .close());
        });

        assertThat(unreadable.total()).isEmpty();
        assertThatThrownBy(() -> SocketUsage.of(Resource.DISK_READ)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsSentPastTheThrottleIsSeenByTheKernelsOwnCountAndAnHonestOneIsNot() throws Exception {
        Governor governor = Governor.of(Limits.parse(List.of("network.egress=40MB/s")));
        var time = new ManualTime();
        List<Violation> violations = new ArrayList<>();
        try (ServerSocketChannel server =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                GovernedJob job = governor.open(WorkClass.FULL, Limits.none());
                Observer observer = Observer.stepped(
                        governor, List.of(SocketUsage.of(Resource.NETWORK_EGRESS)), time, violations::add)) {
            observer.look();
            try (SocketChannel one = SocketChannel.open(server.getLocalAddress());
                    SocketChannel other = server.accept()) {
                var paced = new PacedChannel(one, job, Resource.NETWORK_EGRESS);
                exchange(() -> writeAll(paced), other);
                span(observer, time);
                assertThat(violations).isEmpty();
                assertThat(job.used(Resource.NETWORK_EGRESS)).isEqualTo(SIZE);

                governor.set(Limits.parse(List.of("network.egress=100kB/s")));
                observer.look();
                exchange(() -> writeAll(one), other);
                span(observer, time);
                exchange(() -> writeAll(one), other);
                span(observer, time);
            }
        }

        assertThat(violations).isNotEmpty().allSatisfy(violation -> {
            assertThat(violation.resource()).isEqualTo(Resource.NETWORK_EGRESS);
            assertThat(violation.seen()).isGreaterThan(SIZE - 1_000_000);
            assertThat(violation.counted()).isZero();
        });
    }

    private interface Sending {
        void run() throws java.io.IOException;
    }

    private static void writeAll(java.nio.channels.WritableByteChannel channel) throws java.io.IOException {
        ByteBuffer data = ByteBuffer.allocate(SIZE);
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }

    private static void exchange(Sending sending, SocketChannel sink) throws Exception {
        var reader = new java.util.concurrent.FutureTask<>(() -> {
            ByteBuffer data = ByteBuffer.allocate(SIZE);
            while (data.hasRemaining()) {
                sink.read(data);
            }
            return data;
        });
        Thread.ofPlatform().daemon().start(reader);
        sending.run();
        reader.get();
    }

    private static void span(Observer observer, ManualTime time) {
        for (int look = 0; look < 10; look++) {
            time.advance(Duration.ofSeconds(1));
            observer.look();
        }
    }
}
