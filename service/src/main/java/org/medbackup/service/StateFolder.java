package org.medbackup.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;

/**
 * The folder in which this host keeps what belongs to it: {@code host.key}, {@code audit/}, {@code cache/}. Only its
 * owner may look into it. The key is made once and never leaves the host; what holds names is sealed with keys derived
 * from it.
 */
final class StateFolder {

    /** In which the audit trail lies. */
    static final String AUDIT = "audit";

    private static final String KEY_FILE = "host.key";
    private static final int KEY = 32;

    private final Path folder;
    private final Entropy entropy;

    StateFolder(Path folder, Entropy entropy) {
        this.folder = folder;
        this.entropy = entropy;
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException impossible) {
            throw unusable(impossible);
        }
    }

    private RuntimeException unusable(IOException cause) {
        return ErrorCode.STATE_UNUSABLE
                .because("it cannot be made or used", cause)
                .with("state", folder);
    }

    Path folder() {
        return folder;
    }

    Path audit() {
        return folder.resolve(AUDIT);
    }

    /** What waits until the audit trail can be written. */
    Path spool() {
        return folder.resolve("spool");
    }

    /** The file of this host's key. */
    Path key() {
        return folder.resolve(KEY_FILE);
    }

    Path caches() {
        return folder.resolve("cache");
    }

    /** Throws away what can be found out again. What another process has open stays with that. */
    void dropCaches() {
        try (Stream<Path> files = Files.walk(caches())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException nothing) {
            // There is nothing to throw away.
        } catch (IOException | UncheckedIOException failed) {
            throw ErrorCode.STATE_UNUSABLE
                    .because("its caches cannot be deleted", failed)
                    .with("state", folder);
        }
    }

    /** The key of this host, made at the first call. */
    Secret hostKey() {
        Path file = key();
        try {
            return read(file);
        } catch (NoSuchFileException first) {
            return make(file);
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    /** The key of a host that has one. */
    static Secret existingKey(Path folder) {
        try {
            return read(folder.resolve(KEY_FILE));
        } catch (IOException absent) {
            throw ErrorCode.STATE_UNUSABLE
                    .because("no key of this host is in it", absent)
                    .with("state", folder);
        }
    }

    private static Secret read(Path file) throws IOException {
        try {
            byte[] key = HexFormat.of().parseHex(Files.readString(file).strip());
            if (key.length != KEY) {
                throw new IllegalArgumentException("a key has 32 bytes");
            }
            return Secret.copyOf(key);
        } catch (IllegalArgumentException malformed) {
            throw ErrorCode.STATE_UNUSABLE
                    .because("the host key is malformed; restore it from a backup of the state folder", malformed)
                    .with("file", file);
        }
    }

    /** Written beside and linked to its name, so that of two processes that make it at once one wins whole. */
    private Secret make(Path file) {
        byte[] key = entropy.bytes(KEY);
        Path draft = folder.resolve(".host-key-" + HexFormat.of().formatHex(entropy.bytes(4)));
        try {
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, HexFormat.of().formatHex(key) + "\n");
            try (var channel = java.nio.channels.FileChannel.open(draft, java.nio.file.StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            try {
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException meanwhile) {
                return read(file);
            } finally {
                Files.delete(draft);
            }
            return Secret.copyOf(key);
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }
}
