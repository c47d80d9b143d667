package org.medbackup.app.postgresql.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Map;
import org.medbackup.core.error.ErrorCode;

/**
 * Sees to it that a restored cluster recovers from its label. Without the label a server starts from its control file
 * instead: it comes up, its checksums are right, and its data is a mixture of times (PostgreSQL manual, "Recovering Using a
 * Continuous Archive Backup").
 *
 * <p>The recovery is asked for by {@code recovery.signal}: only then does the server tell the time of the last transaction,
 * and it goes on with a timeline of its own instead of writing a second version of production's.
 */
record RecoveryStart(Path data, Map<String, String> evidence) {

    private static final String LABEL = "backup_label";

    void prepare() {
        try {
            requireLabel();
            if (Files.exists(data.resolve(LABEL))) {
                signal();
            }
        } catch (IOException unreadable) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restored cluster cannot be read", unreadable);
        }
    }

    private void requireLabel() throws IOException {
        String expected = evidence.get("label_sha256");
        if (expected == null) {
            return;
        }
        // A server that has recovered keeps its label under this name.
        for (String name : new String[] {LABEL, LABEL + ".old"}) {
            Path label = data.resolve(name);
            if (Files.exists(label)) {
                if (Sha256.of(Files.readAllBytes(label)).equals(expected)) {
                    return;
                }
                break;
            }
        }
        throw ErrorCode.RESTORED_APPLICATION_INVALID.because("its backup label is missing or is another one");
    }

    private void signal() throws IOException {
        Path signal = data.resolve("recovery.signal");
        if (Files.exists(signal)) {
            return;
        }
        Files.createFile(signal);
        PosixFileAttributes like = Files.readAttributes(data.resolve("PG_VERSION"), PosixFileAttributes.class);
        var attributes = Files.getFileAttributeView(signal, PosixFileAttributeView.class);
        attributes.setOwner(like.owner());
        attributes.setGroup(like.group());
        attributes.setPermissions(like.permissions());
    }
}
