package org.medbackup.core.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SyslogMessageTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456789Z");

    @Test
    void aMessageHasItsPartsInTheirPlaces() {
        String header = SyslogMessage.header(10, 5, NOON, "ward 3\n.clinic", "AUDIT");
        assertThat(header).isEqualTo("<85>1 2026-01-01T12:00:00.123Z ward3.clinic medbackup - AUDIT ");
        assertThat(new String(SyslogMessage.of(header, "-", "Größe"), UTF_8)).isEqualTo(header + "- \ufeffGröße");
        assertThat(SyslogMessage.header(1, 6, NOON, "\u00e9", "A")).contains("Z - medbackup");
        assertThat(SyslogMessage.header(1, 6, NOON, "h".repeat(300), "A")).contains(" " + "h".repeat(100) + " ");
    }

    @Test
    void aFrameCountsBytes() {
        assertThat(new String(SyslogMessage.framed("é".getBytes(UTF_8)), UTF_8)).isEqualTo("2 é");
    }

    @Test
    void whatWasHandedOverWasReadInItsOrder() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var read = CompletableFuture.supplyAsync(() -> {
                try (Socket socket = server.accept()) {
                    return new String(socket.getInputStream().readAllBytes(), UTF_8);
                } catch (IOException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            new SyslogServer("127.0.0.1", server.getLocalPort(), null)
                    .hand(List.of("one".getBytes(UTF_8), "two".getBytes(UTF_8)));
            assertThat(read.get()).isEqualTo("3 one3 two");
        }
    }

    @Test
    void aServerThatHasNoAddressIsNotReached() {
        assertThatThrownBy(() -> new SyslogServer("no-such-host.invalid", SyslogServer.OVER_TLS, null).hand(List.of()))
                .isInstanceOf(UnknownHostException.class);
    }
}
