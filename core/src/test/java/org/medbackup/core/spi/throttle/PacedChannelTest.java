package org.medbackup.core.spi.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacedChannelTest {

    private static final byte[] BYTES =
            "a referral letter of some length".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final List<Long> asked = new ArrayList<>();
    private final List<Long> used = new ArrayList<>();
    private int open;

    /** Grants ten bytes at most, and writes down what it was asked for and told. */
    private Throttle.Permit tenAtMost(Throttle.Demand demand) {
        asked.add(demand.amount());
        open++;
        return new Throttle.Permit() {
            @Override
            public long amount() {
                return Math.min(10, demand.amount());
            }

            @Override
            public void commit(long actual) {
                used.add(actual);
            }

            @Override
            public void close() {
                open--;
            }
        };
    }

    @Test
    void everyByteIsWrittenInPiecesThatTheThrottleAllows() throws IOException {
        var target = new ByteArrayOutputStream();
        try (var channel =
                new PacedChannel(Channels.newChannel(target), this::tenAtMost, Throttle.Resource.NETWORK_EGRESS)) {
            assertThat(channel.write(ByteBuffer.wrap(BYTES))).isEqualTo(BYTES.length);
            assertThat(channel.isOpen()).isTrue();
        }
        assertThat(target.toByteArray()).isEqualTo(BYTES);
        assertThat(asked).containsExactly(32L, 22L, 12L, 2L);
        assertThat(used).containsExactly(10L, 10L, 10L, 2L);
        assertThat(open).isZero();
    }

    @Test
    void whatWasWrittenBeforeAFailureIsAccountedFor() {
        var broken = new WritableByteChannel() {
            private int left = 14;

            @Override
            public int write(ByteBuffer source) throws IOException {
                if (left == 0) {
                    throw new IOException("cut");
                }
                int count = Math.min(left, Math.min(source.remaining(), 7));
                source.position(source.position() + count);
                left -= count;
                return count;
            }

            @Override
            public boolean isOpen() {
                return left > 0;
            }

            @Override
            public void close() {}
        };
        var source = ByteBuffer.wrap(BYTES);
        var channel = new PacedChannel(broken, this::tenAtMost, Throttle.Resource.DISK_WRITE);

        assertThatThrownBy(() -> channel.write(source)).isInstanceOf(IOException.class);

        assertThat(used).containsExactly(10L, 4L);
        assertThat(open).isZero();
        assertThat(source.limit()).isEqualTo(BYTES.length);
    }
}
