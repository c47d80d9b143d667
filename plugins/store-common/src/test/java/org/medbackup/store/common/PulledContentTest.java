package org.medbackup.store.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;
import org.medbackup.core.spi.store.ObjectContent;

/** Contents that are pulled out of who writes them. */
class PulledContentTest {

    @Test
    void aContentIsReadByteByByteToo() throws Exception {
        try (var pulled = new PulledContent(ObjectContent.of(new byte[] {(byte) 0xff, 7}))) {
            assertThat(pulled.read()).isEqualTo(0xff);
            assertThat(pulled.read(new byte[4], 0, 0)).isZero();
            assertThat(pulled.read()).isEqualTo(7);
            assertThat(pulled.read()).isEqualTo(-1);
        }
    }

    @Test
    void oneThatIsClosedHasNoThreadAnyMoreAndGivesNothing() {
        var closed = new PulledContent(ObjectContent.of(new byte[100_000]));
        Thread.currentThread().interrupt();
        closed.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(closed::read).isInstanceOf(IOException.class);
    }

    @Test
    void aContentThatBreaksIsNotTakenForAWholeOne() throws Exception {
        ObjectContent breaking = new ObjectContent() {
            @Override
            public long length() {
                return 2;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                assertThat(target.isOpen()).isTrue();
                target.write(ByteBuffer.allocate(1));
                target.close();
                throw new IOException("the source broke");
            }
        };
        try (var pulled = new PulledContent(breaking)) {
            assertThat(pulled.read()).isZero();
            assertThatThrownBy(pulled::read).isInstanceOf(IOException.class);
        }
    }
}
