package org.medbackup.app.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.medbackup.core.error.ErrorCode;

/**
 * Which units were active before they were stopped, for whoever starts them again: this process, a watchdog, or the next
 * run. In a folder that a boot empties, since a boot starts the units itself.
 *
 * @param folder of all applications
 * @param application names the file in it
 */
record UnitMemory(Path folder, String application) {

    private Path file() {
        return folder.resolve(application);
    }

    List<String> read() {
        try {
            return Files.readAllLines(file());
        } catch (NoSuchFileException nothing) {
            return List.of();
        } catch (IOException unreadable) {
            throw failed(unreadable);
        }
    }

    void write(List<String> active) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path draft = folder.resolve(application + ".new");
            Files.write(draft, active);
            Files.move(draft, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException impossible) {
            throw failed(impossible);
        }
    }

    void forget() {
        try {
            Files.deleteIfExists(file());
        } catch (IOException left) {
            throw failed(left);
        }
    }

    private static RuntimeException failed(IOException cause) {
        return ErrorCode.STATE_UNUSABLE.because("which units are stopped cannot be remembered", cause);
    }
}
