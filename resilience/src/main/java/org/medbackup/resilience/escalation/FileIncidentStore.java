package org.medbackup.resilience.escalation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** In a file. Not safe for use by several threads. */
final class FileIncidentStore implements IncidentStore {

    private final Path file;
    private final Path draft;
    private final FileSteps steps;

    FileIncidentStore(Path file, FileSteps steps) {
        this.file = file.toAbsolutePath();
        this.draft = this.file.resolveSibling(file.getFileName() + ".new");
        this.steps = steps;
    }

    @Override
    public void save(String document) {
        Path folder = draft.resolveSibling(".");
        try {
            Files.createDirectories(
                    folder.normalize(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            // What a crash has left is begun anew, so that it has our mode.
            Files.deleteIfExists(draft);
            try (var channel = FileChannel.open(
                    draft,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                steps.write(channel, ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8)));
                steps.force(channel);
            }
            steps.move(draft, file);
            try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                steps.force(channel);
            }
        } catch (IOException failed) {
            throw translate(failed, "written");
        }
    }

    @Override
    public Optional<String> load() {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException first) {
            return Optional.empty();
        } catch (IOException failed) {
            throw translate(failed, "read");
        }
    }

    private static BackupException translate(IOException failed, String what) {
        String reason = failed instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : failed.getClass().getSimpleName();
        boolean full = reason.contains("No space left")
                || String.valueOf(failed.getMessage()).contains("No space left");
        return (full ? ErrorCode.NO_SPACE : ErrorCode.STATE_UNUSABLE)
                .because("the file of incidents cannot be " + what + ": " + reason, failed);
    }
}
