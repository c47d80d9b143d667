package org.medbackup.corpus;

import java.util.Arrays;

/**
 * A file of a clinical system.
 *
 * @param relativePath with {@code /} between its names; ASCII letters, digits and {@code . _ -}
 * @param content the caller's own array
 */
@SuppressWarnings("ArrayRecordComponent") // Made once, handed over and not kept: a copy of each image would cost more.
public record Document(String relativePath, byte[] content) {

    /** By the path and every byte. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Document(String path, byte[] bytes)
                && relativePath.equals(path)
                && Arrays.equals(content, bytes);
    }

    @Override
    public int hashCode() {
        return 31 * relativePath.hashCode() + Arrays.hashCode(content);
    }

    /** The path and the size: a failed assertion prints no image. */
    @Override
    public String toString() {
        return relativePath + " (" + content.length + " bytes)";
    }
}
