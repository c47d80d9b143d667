package org.medbackup.engine.internal.restore;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.RestoreRequest.Existing;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.chunk.ChunkNamer;
import org.medbackup.engine.internal.tree.Node;
import org.medbackup.linux.Accounts;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.LinuxException;

/**
 * Writes files below the target: under a temporary name until they are whole, then at once under their own. Holes are
 * never written; a file that fails is removed; a restore that ends early leaves what it has under temporary names, for the
 * next to go on with.
 */
final class DiskSink implements FileSink, AutoCloseable {

    private static final int MOST_OPEN = 256;

    private final TargetTree tree;
    private final AttributeWriter attributes;
    private final Throttle throttle;
    private final Existing existing;
    private final TemporaryNames names;
    private final Function<ChunkId, Optional<ChunkNamer>> namers;
    private final int user = Accounts.self();
    private final Set<String> claimed = new HashSet<>();
    private final OpenFiles open = new OpenFiles(MOST_OPEN);

    DiskSink(
            TargetTree tree,
            AttributeWriter attributes,
            Throttle throttle,
            Existing existing,
            TemporaryNames names,
            Function<ChunkId, Optional<ChunkNamer>> namers) {
        this.tree = tree;
        this.attributes = attributes;
        this.throttle = throttle;
        this.existing = existing;
        this.names = names;
        this.namers = namers;
    }

    TargetTree tree() {
        return tree;
    }

    AttributeWriter attributes() {
        return attributes;
    }

    Throttle throttle() {
        return throttle;
    }

    boolean replaces() {
        return existing == Existing.REPLACED;
    }

    @Override
    public Target begin(PathBytes path, Node node) {
        PathBytes temporary = names.of(path);
        var present = new ArrayList<Present>();
        boolean taken = false;
        boolean shared = false;
        if (!tree.isNew()) {
            try {
                Fd folder = tree.folder(path.parent());
                if (existing != Existing.LEFT) {
                    begun(folder, temporary).ifPresent(status -> present.add(present(temporary, status, node, false)));
                }
                FileStatus there = folder.status(path.name().bytes()).orElse(null);
                taken = there != null;
                if (there != null && (existing == Existing.LEFT || there.isFolder())) {
                    throw inTheWay();
                }
                if (there != null && there.isRegular()) {
                    shared = isShared(there, node);
                    present.add(present(path, there, node, true));
                }
            } catch (LinuxException failure) {
                throw failure.toBackupException();
            }
        }
        boolean begun = present.stream().anyMatch(each -> !each.isFinal());
        return new DiskFile(this, open.slot(), path, temporary, node, List.copyOf(present), begun, taken, shared);
    }

    /** Whether the file has more names than the restored one will have, or is to be another restored one too. */
    private boolean isShared(FileStatus there, Node node) {
        return there.links() > 1
                && (there.links() > node.decodedAttributes().links()
                        || !claimed.add(there.device() + ":" + there.inode()));
    }

    /** What an earlier restore began; what is not this user's own is taken for somebody else's and begun anew. */
    private Optional<FileStatus> begun(Fd folder, PathBytes temporary) {
        return folder.status(temporary.name().bytes())
                .filter(status -> status.isRegular() && status.uid() == user && status.links() == 1);
    }

    private Present present(PathBytes path, FileStatus status, Node node, boolean isFinal) {
        return new Present(
                () -> tree.openFile(path, Fd.READ | Fd.NON_BLOCK, 0), status, node, isFinal, namers, throttle);
    }

    /** What is said where something stands in a file's place and is not to be replaced. */
    static RuntimeException inTheWay() {
        return ErrorCode.TARGET_UNUSABLE.because("something is there already, and was left alone");
    }

    @Override
    public void close() {
        open.close();
    }
}
