package org.medbackup.store.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.testkit.CountingThrottle;
import org.medbackup.testkit.ManualTime;

/** Contents on their way, under a throttle and a watch. */
class GuardedContentTest {

    private final ManualTime time = new ManualTime();
    private final CountingThrottle throttle = new CountingThrottle(3);
    private final StallWatch watch = new StallWatch(time, Silence.of(Duration.ofSeconds(5)), work -> {});
    private final StallWatch.Call call = watch.begin(() -> {});

    private static InputStream bytes() {
        return new ByteArrayInputStream(new byte[] {1, 2, 3, 4, (byte) 0xff});
    }

    private void passes(Duration passing) {
        time.sleep(passing);
        watch.look();
    }

    @Test
    void everyByteThatIsSentOrReceivedPassesTheThrottle() throws Exception {
        try (var sent = new SentContent(bytes(), call, throttle);
                var received = new ReceivedContent(bytes(), call, throttle)) {
            assertThat(sent.readAllBytes()).containsExactly(1, 2, 3, 4, 0xff);
            assertThat(received.read(new byte[5], 0, 0)).isZero();
            assertThat(received.read(new byte[5], 0, 5)).isEqualTo(3);
            assertThat(received.read()).isEqualTo(4);
            assertThat(received.read()).isEqualTo(0xff);
            assertThat(received.read()).isEqualTo(-1);
            assertThat(sent.read(new byte[5], 0, 0)).isZero();
            assertThat(sent.markSupported()).isFalse();
        }

        assertThat(throttle.used(Throttle.Resource.NETWORK_EGRESS)).isEqualTo(5);
        assertThat(throttle.used(Throttle.Resource.NETWORK_INGRESS)).isEqualTo(5);
        assertThat(throttle.open()).isZero();
    }

    @Test
    void theNetworkIsWaitedForBetweenTwoPiecesThatAreSent() throws Exception {
        try (var sent = new SentContent(bytes(), call, throttle)) {
            sent.read(new byte[2], 0, 2);
            passes(Duration.ofMillis(1_500));
            passes(Duration.ofMillis(1_500));
            passes(Duration.ofMillis(1_500));
            assertThat(call.stalled()).isFalse();
            passes(Duration.ofMillis(1_500));
        }

        assertThat(call.stalled()).isTrue();
    }

    @Test
    void aContentThatStopsIsATimeoutHoweverItIsNoticed() throws Exception {
        InputStream stopping = new InputStream() {
            @Override
            public int read() throws IOException {
                return read(new byte[1], 0, 1);
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                for (int looks = 0; looks < 4; looks++) {
                    passes(Duration.ofMillis(1_500));
                }
                throw new IOException("closed by the watch");
            }
        };
        try (var received = new ReceivedContent(stopping, call, throttle)) {
            assertThatThrownBy(() -> received.read(new byte[5], 0, 5)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void anotherFailureStaysWhatItIs() {
        var cut = new IOException("cut");

        assertThat(call.meaning(cut)).isSameAs(cut);
        assertThatThrownBy(() -> call.meaning(new IllegalStateException("ours")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("ours");
        assertThatThrownBy(() -> call.meaning(new InterruptedException()))
                .hasCauseInstanceOf(InterruptedException.class);
    }
}
