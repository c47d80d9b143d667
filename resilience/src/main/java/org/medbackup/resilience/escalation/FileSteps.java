package org.medbackup.resilience.escalation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The steps that change a disk; the seam at which tests die. */
interface FileSteps {

    /** Those of the operating system. */
    FileSteps OF_THE_SYSTEM = new FileSteps() {};

    /** Writes some of the bytes. */
    default void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Returns when the content of a file, or the names in a folder, would survive a power cut. */
    default void force(FileChannel channel) throws IOException {
        channel.force(true);
    }

    /** Gives a file the name of another one. */
    default void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
