package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.StreamAttributes;

class HandedOverTest {

    private static final StreamAttributes ROOTS = new StreamAttributes(0, 0, 0600, Instant.EPOCH);

    @Test
    void aStreamIsReadToItsEndAndItsNameKept() throws IOException {
        var sink = new HandedOver();
        var stream = new ByteArrayInputStream(new byte[100_000]);

        sink.stream(PathBytes.of("/dump"), stream, ROOTS, Cut.CONTENT);

        assertThat(stream.available()).isZero();
        assertThat(sink.all()).containsExactly("/dump");
        assertThat(sink.trees()).isEmpty();
        assertThat(sink.before()).isEmpty();
    }

    @Test
    void aStreamThatFailsIsAFailureOfTheApplication() {
        var sink = new HandedOver();
        var broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        };

        assertThatThrownBy(() -> sink.stream(PathBytes.of("/dump"), broken, ROOTS, Cut.CONTENT))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.APPLICATION_FAILED));
        assertThat(sink.all()).isEmpty();
    }
}
