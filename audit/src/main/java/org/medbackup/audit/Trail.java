package org.medbackup.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.files.Disk;
import org.medbackup.audit.files.FolderLock;
import org.medbackup.audit.files.Layout;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * A trail that is open for writing. After a failure it is read anew from its files at the next use, so that it goes on
 * when the disk has room again. For one thread.
 */
final class Trail implements AutoCloseable {

    private final TrailState.Parts parts;
    private final FolderLock lock;
    private @Nullable TrailState state;
    private boolean closed;

    Trail(TrailState.Parts parts) {
        this.parts = parts;
        this.lock = new FolderLock(parts.disk(), parts.layout(), parts.time());
    }

    /** What is done with a trail that is up to date, while nobody else writes. */
    @FunctionalInterface
    interface Use<T> {
        T with(TrailState state) throws IOException;
    }

    <T> T use(Use<T> use) {
        if (closed) {
            throw new IllegalStateException("the audit trail is closed");
        }
        try {
            return lock.exclusively(() -> use.with(current()));
        } catch (IOException failed) {
            forget();
            throw Disk.translate(failed);
        } catch (RuntimeException failed) {
            forget();
            throw failed;
        }
    }

    void append(List<GroupCommit.Waiting> batch) {
        use(current -> {
            current.append(batch);
            return batch.size();
        });
    }

    private TrailState current() throws IOException {
        TrailState known = state;
        if (known == null) {
            prepare();
            known = TrailState.load(parts);
            state = known;
        } else {
            known.catchUp();
        }
        return known;
    }

    private void prepare() throws IOException {
        Layout layout = parts.layout();
        Files.deleteIfExists(layout.unfinished());
        TrailSigner signer = parts.keys().signer();
        Path file = layout.key();
        if (Files.exists(file)) {
            TrailKey key = TrailKey.parse(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .orElseThrow(Trail::otherKey);
            if (!key.alone().equals(signer.first())) {
                throw otherKey();
            }
            if (Files.exists(layout.bundle(0)) && !Files.exists(layout.checkpoints())) {
                throw ErrorCode.AUDIT_DAMAGED.because("its checkpoints are missing");
            }
            if (!key.hasSecond()) {
                writeKeys(signer, file);
            }
        } else if (Files.exists(layout.checkpoints()) || Files.exists(layout.bundle(0))) {
            throw ErrorCode.AUDIT_DAMAGED.because("its key.pub is missing");
        } else {
            writeKeys(signer, file);
        }
    }

    private static BackupException otherKey() {
        return ErrorCode.AUDIT_DAMAGED.because("its key.pub is not that of this host's key");
    }

    /** Before the first checkpoint that has the second signature. */
    private void writeKeys(TrailSigner signer, Path file) throws IOException {
        byte[] lines = (signer.keys() + "\n").getBytes(StandardCharsets.US_ASCII);
        parts.disk().writeWhole(parts.layout().unfinished(), file, lines);
    }

    private void forget() {
        try (TrailState _ = state) {
            state = null;
        } catch (IOException ignored) {
            // It is given up because of a failure that is being told.
        }
    }

    /** Signs what is not signed yet. */
    @Override
    public void close() {
        try {
            use(current -> {
                current.sign();
                return current.head();
            });
        } finally {
            closed = true;
            forget();
            closeLock();
        }
    }

    private void closeLock() {
        try {
            lock.close();
        } catch (IOException failed) {
            throw Disk.translate(failed);
        }
    }
}
