package org.medbackup.notify.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.testkit.SilentServer;

class TimeLimitTest {

    @Test
    void whatIsDoneInTimeIsHandedOn() {
        assertThat(TimeLimit.within(Duration.ofSeconds(60), () -> "done")).isEqualTo("done");
    }

    @Test
    void atTheLimitTheConnectionIsClosed() throws InterruptedException {
        var closed = new CountDownLatch(1);
        try (SilentServer silent = SilentServer.start()) {
            assertThatThrownBy(() -> TimeLimit.within(Duration.ofMillis(200), () -> {
                        try (var socket = new Socket(InetAddress.getLoopbackAddress(), silent.port())) {
                            return socket.getInputStream().read();
                        } catch (IOException ended) {
                            closed.countDown();
                            throw new UncheckedIOException(ended);
                        }
                    }))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED));
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatFailsIsKnownOrSaysNothingOfTheCall() {
        BackupException known = ErrorCode.NOTIFICATION_REFUSED.because("no");
        assertThatThrownBy(() -> TimeLimit.within(Duration.ofSeconds(60), () -> {
                    throw known;
                }))
                .isSameAs(known);
        assertThatThrownBy(() -> TimeLimit.within(Duration.ofSeconds(60), () -> {
                    throw new IllegalStateException("secret");
                }))
                .isInstanceOfSatisfying(BackupException.class, failed -> {
                    assertThat(failed.code()).isEqualTo(ErrorCode.INTERNAL);
                    assertThat(failed.describe())
                            .contains("IllegalStateException")
                            .doesNotContain("secret");
                    assertThat(failed.getCause()).isNull();
                });
    }

    @Test
    void whoIsInterruptedIsCancelled() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> TimeLimit.within(Duration.ofSeconds(60), () -> {
                    TimeSource.system().sleep(Duration.ofSeconds(60));
                    return "late";
                }))
                .isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
