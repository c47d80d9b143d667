package org.medbackup.service;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.medbackup.core.error.ErrorCode;

/**
 * A new file for a key, that only its owner may read. It is made before the key is: a key that was lost would need another
 * one.
 */
final class NewKeyFile implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;
    private boolean written;

    private NewKeyFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static NewKeyFile reserve(Path file) {
        var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            return new NewKeyFile(file, FileChannel.open(file, options, permissions));
        } catch (FileAlreadyExistsException exists) {
            throw ErrorCode.TARGET_UNUSABLE
                    .because("the file for the key exists", exists)
                    .with("file", file);
        } catch (IOException failed) {
            throw failed("the file for the key cannot be made", failed);
        }
    }

    private static RuntimeException failed(String what, IOException cause) {
        return ErrorCode.TARGET_UNUSABLE.because(what, cause);
    }

    boolean write(byte[] text) {
        try {
            channel.write(ByteBuffer.wrap(text));
            channel.force(true);
            written = true;
            return true;
        } catch (IOException failed) {
            throw failed("the key cannot be written", failed);
        }
    }

    /** Leaves no empty file behind where no key was made. */
    @Override
    public void close() {
        try {
            channel.close();
            if (!written) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw failed("the file for the key cannot be closed", failed);
        }
    }
}
