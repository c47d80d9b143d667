package org.medbackup.stamp.rfc3161;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.stamp.TimestampProvider;
import org.medbackup.core.spi.stamp.Timestamps;
import org.medbackup.testkit.SilentServer;
import org.medbackup.testkit.TimestampServer;

/** Against {@code openssl ts}, both ways. */
class Rfc3161Test {

    private static final byte[] CONTENT = "medbackup/audit/0123\n7\nAAAA\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER = "medbackup/audit/0123\n8\nAAAA\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path temp;

    private TimestampServer server;
    private Timestamps timestamps;

    @BeforeEach
    void start() {
        server = TimestampServer.start(temp.resolve("tsa"));
        timestamps = provider().trusting(server.authorities());
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static TimestampProvider provider() {
        return new Rfc3161Provider();
    }

    private static void assertFails(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.AUDIT_TIMESTAMP_FAILED));
    }

    @Test
    void aTokenOfARealServiceHoldsForUsAndForOpenssl() {
        byte[] token = timestamps.stamp(server.uri(), CONTENT);

        Instant now = Instant.now();
        assertThat(timestamps.time(token, CONTENT)).isBetween(now.minusSeconds(60), now.plusSeconds(2));
        assertThat(server.holds(token, CONTENT)).isTrue();
        assertThat(server.holds(token, OTHER)).isFalse();
        assertFails(() -> timestamps.time(token, OTHER));
    }

    @Test
    void noByteOfATokenCountsForNothing() {
        byte[] token = timestamps.stamp(server.uri(), CONTENT);
        int refused = 0;
        for (int at = 0; at < token.length; at += 37) {
            byte[] changed = token.clone();
            changed[at] ^= 1;
            try {
                timestamps.time(changed, CONTENT);
            } catch (BackupException expected) {
                assertThat(expected.code()).isEqualTo(ErrorCode.AUDIT_TIMESTAMP_FAILED);
                refused++;
            }
        }
        // A few bytes of the envelope, such as the digest algorithms it lists, are not signed.
        assertThat(refused).isGreaterThan(token.length / 37 * 9 / 10);
        assertFails(() -> timestamps.time(new byte[0], CONTENT));
        assertFails(() -> timestamps.time(Arrays.copyOf(token, 100), CONTENT));
    }

    @Test
    void aServiceOfAnotherAuthorityIsNotTrusted() {
        Timestamps other = provider().trusting(server.otherAuthorities());
        byte[] token = timestamps.stamp(server.uri(), CONTENT);

        assertFails(() -> other.time(token, CONTENT));
        assertFails(() -> other.stamp(server.uri(), CONTENT));
    }

    @Test
    void aCertificateThatIsNotForTimeStampsIsNone() {
        server.signWithAnyCertificate();

        assertFails(() -> timestamps.stamp(server.uri(), CONTENT));
    }

    @Test
    void whatIsNoAnswerIsTold() {
        server.answer(503);
        assertFails(() -> timestamps.stamp(server.uri(), CONTENT));
        server.answer(200);
        server.spoil(reply -> "no token".getBytes(StandardCharsets.US_ASCII));
        assertFails(() -> timestamps.stamp(server.uri(), CONTENT));
        byte[] before = timestampOfBefore();
        server.spoil(reply -> before);
        assertFails(() -> timestamps.stamp(server.uri(), CONTENT));
        assertFails(() -> timestamps.stamp(URI.create("http://127.0.0.1:1/"), CONTENT));
        assertFails(() -> timestamps.stamp(URI.create("ftp://127.0.0.1/"), CONTENT));
    }

    /** The whole answer to another question: its nonce does not fit. */
    private byte[] timestampOfBefore() {
        byte[][] kept = new byte[1][];
        server.spoil(reply -> {
            kept[0] = reply;
            return reply;
        });
        timestamps.stamp(server.uri(), CONTENT);
        return kept[0];
    }

    @Test
    void whoInterruptsItIsNotKeptWaiting() throws Exception {
        try (SilentServer silent = SilentServer.start()) {
            Throwable[] thrown = new Throwable[1];
            Thread asking = Thread.ofPlatform().start(() -> {
                try {
                    timestamps.stamp(URI.create("http://127.0.0.1:" + silent.port() + "/"), CONTENT);
                } catch (RuntimeException ended) {
                    thrown[0] = ended;
                }
            });
            asking.interrupt();
            assertThat(asking.join(Duration.ofSeconds(8))).isTrue();
            assertThat(thrown[0]).isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void aFileWithoutCertificatesIsTold() throws IOException {
        assertFails(() -> provider().trusting(temp.resolve("absent")));
        assertFails(() -> provider().trusting(Files.writeString(temp.resolve("empty"), "")));
        assertFails(() -> provider().trusting(Files.writeString(temp.resolve("no"), "-----BEGIN CERTIFICATE-----\nx")));
    }
}
