package org.medbackup.audit.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** Private files (0600) in private folders (0700), made durable. Safe for use by several threads. */
public record Disk(DiskSync sync) {

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** Makes a folder and those above it. */
    public void makeFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent != null) {
            makeFolders(parent);
        }
        try {
            Files.createDirectory(folder, PRIVATE_FOLDER);
        } catch (FileAlreadyExistsException meanwhile) {
            if (!Files.isDirectory(folder)) {
                throw new NotDirectoryException(folder.toString());
            }
        }
        syncParent(folder);
    }

    /** Opens a file for reading and writing, and makes it and its folder where they are missing. */
    public FileChannel open(Path file) throws IOException {
        if (!Files.exists(file)) {
            Path parent = file.getParent();
            if (parent != null) {
                makeFolders(parent);
            }
        }
        boolean existed = Files.exists(file);
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PRIVATE_FILE);
        if (!existed) {
            syncParent(file);
        }
        return channel;
    }

    /**
     * Writes bytes at a position and ends the file behind them. When this returns they are durable; when it fails, the
     * file is as long as before as far as the disk still obeys.
     */
    public void append(FileChannel channel, long position, byte[] bytes) throws IOException {
        try {
            long at = position;
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                at += channel.write(buffer, at);
            }
            if (channel.size() > at) {
                channel.truncate(at);
            }
            sync.force(channel);
        } catch (IOException failed) {
            // After a failed fsync the kernel takes pages for clean that never reached the disk: write them anew.
            try {
                channel.truncate(position);
            } catch (IOException again) {
                failed.addSuppressed(again);
            }
            throw failed;
        }
    }

    /** Gives a file its content in one step: it is there as a whole or not at all. */
    public void writeWhole(Path unfinished, Path target, byte[] bytes) throws IOException {
        Path parent = target.getParent();
        if (parent != null) {
            makeFolders(parent);
        }
        try (FileChannel channel = open(unfinished)) {
            append(channel, 0, bytes);
        }
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        syncParent(target);
    }

    private void syncParent(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent != null) {
            try (FileChannel folder = FileChannel.open(parent, StandardOpenOption.READ)) {
                sync.force(folder);
            }
        }
    }

    /** The failure of the catalogue for a failure of the file system. */
    public static BackupException translate(IOException failed) {
        if (failed instanceof ClosedByInterruptException) {
            return ErrorCode.CANCELLED.because("interrupted while reading the audit trail", failed);
        }
        String reason = failed instanceof FileSystemException system
                ? system.getReason() == null ? failed.getClass().getSimpleName() : system.getReason()
                : String.valueOf(failed.getMessage());
        boolean full = reason.contains("No space left") || reason.contains("quota exceeded");
        BackupException unusable =
                (full ? ErrorCode.NO_SPACE : ErrorCode.STATE_UNUSABLE).because("the audit trail: " + reason, failed);
        // Of a full target it is told by this.
        return full ? unusable.with("device", "state") : unusable;
    }
}
