package org.medbackup.core.spi.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is asked for an object travels with its bytes. */
class KeepingTest {

    @Test
    void bytesForWhichSomethingIsAskedAreTheSameBytes() throws IOException {
        var keeping = new Keeping("vault", Instant.parse("2030-01-01T00:00:00Z"));
        ObjectContent plain = ObjectContent.of(new byte[] {1, 2, 3});
        ObjectContent kept = plain.kept(keeping);
        var out = new ByteArrayOutputStream();

        kept.writeTo(Channels.newChannel(out));

        assertThat(out.toByteArray()).containsExactly(1, 2, 3);
        assertThat(kept.length()).isEqualTo(3);
        assertThat(kept.keeping()).isEqualTo(keeping);
        assertThat(keeping.locks()).isTrue();
        assertThat(plain.keeping()).isEqualTo(Keeping.NONE);
        assertThat(Keeping.NONE.locks()).isFalse();
        assertThat(new Keeping("disk", Instant.EPOCH).locks()).isFalse();
    }
}
