package org.medbackup.core.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The first bytes of a program's output, which a thread reads to its end, so that the program never waits for us. */
final class KeptOutput {

    private static final int KEPT = 64 * 1024;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Thread reader;

    KeptOutput(InputStream stream) {
        reader = Thread.ofVirtual().start(() -> read(stream));
    }

    private void read(InputStream stream) {
        var buffer = new byte[8192];
        try (stream) {
            for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
                kept.write(buffer, 0, Math.min(length, KEPT - kept.size()));
            }
        } catch (IOException closed) {
            // The program was killed: what came before that counts.
        }
    }

    /** What has come when the output ends, or when so much time has passed. */
    String text(Duration limit) throws InterruptedException {
        var _ = reader.join(limit);
        return kept.toString(StandardCharsets.UTF_8);
    }
}
