package org.medbackup.policy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.FileFacts;

/** Files as a classifier sees them. */
final class Heads {

    private static final Classifier CLASSIFIER = Classifier.builtIn();

    private Heads() {}

    /** Written when everybody of the tests is of age. */
    static FileFacts facts(String path, long size) {
        return new FileFacts(PathBytes.of(path), size, Instant.parse("2060-01-01T00:00:00Z"), 0, 0, 0);
    }

    static Classification of(byte[] content) {
        int length = Math.min(content.length, Classifier.HEAD);
        return CLASSIFIER.classify(facts("/srv/file", content.length), ByteBuffer.wrap(content, 0, length));
    }

    static Classification of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] gzipped(byte[] content) {
        var packed = new ByteArrayOutputStream();
        try (var stream = new GZIPOutputStream(packed)) {
            stream.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }

    /** Numbers as bytes, letters as their ASCII. */
    static byte[] bytes(Object... parts) {
        var bytes = new ByteArrayOutputStream();
        for (Object part : parts) {
            switch (part) {
                case Integer number -> bytes.write(number);
                case String text -> bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
                case byte[] raw -> bytes.writeBytes(raw);
                default -> throw new IllegalArgumentException("a number, a text or bytes");
            }
        }
        return bytes.toByteArray();
    }

    /** So many zeros. */
    static byte[] zeros(int count) {
        return new byte[count];
    }
}
