package org.medbackup.app.postgresql.log;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationRecovery.Log;
import org.medbackup.core.spi.app.LogReplay.Part;

/**
 * Brings the log of a recovery into the restored data directory, all of it before the server starts: it then recovers without
 * us. A segment of which only a part is there is filled up with zeros, at which a recovery ends.
 */
public final class FetchedLog {

    private FetchedLog() {}

    /** Fetches what is needed. */
    public static void into(Path data, @Nullable Log log) {
        if (log == null) {
            return;
        }
        Path folder = data.resolve("pg_wal");
        try {
            PosixFileAttributes like = Files.readAttributes(data.resolve("PG_VERSION"), PosixFileAttributes.class);
            for (Part part : log.replay().parts()) {
                Path file = folder.resolve("medbackup-" + part.as());
                if (!log.archive().fetch(part.name(), file)) {
                    throw ErrorCode.LOG_INCOMPLETE.because("a file of the log has gone: " + part.as());
                }
                if (!part.as().endsWith(".history")) {
                    fill(file);
                }
                var attributes = Files.getFileAttributeView(file, PosixFileAttributeView.class);
                attributes.setOwner(like.owner());
                attributes.setGroup(like.group());
                attributes.setPermissions(java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
                // Over what the backup brought: it may have held only the beginning of its last segment.
                Files.move(
                        file,
                        folder.resolve(part.as()),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the log of the recovery cannot be written", failed);
        }
    }

    private static void fill(Path file) throws IOException {
        int size = WalScan.of(file).size();
        if (Files.size(file) < size) {
            try (var segment = new RandomAccessFile(file.toFile(), "rw")) {
                segment.setLength(size);
            }
        }
    }
}
