package org.medbackup.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.medbackup.core.error.ErrorCode;

/** Reads files that hold passwords, keys and shares. */
final class SecretFiles {

    private SecretFiles() {}

    /** The bytes of a file. */
    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw ErrorCode.CREDENTIAL_UNREADABLE
                    .because("the file cannot be read", unreadable)
                    .with("file", file);
        }
    }
}
