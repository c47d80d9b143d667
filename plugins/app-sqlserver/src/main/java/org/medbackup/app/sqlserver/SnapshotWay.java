package org.medbackup.app.sqlserver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.TreeCopy;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/** One Transact-SQL snapshot backup. Nothing of it is good without its metadata, so that is stored beside the files. */
final class SnapshotWay {

    private final Session holder;
    private final Session monitor;
    private final Instance instance;
    private final List<Instance.Database> chosen;
    private final Backups backups;
    private final FileSystemSnapshots snapshots;
    private final Suspension suspension;
    private final Path metadata;
    private FileSystemSnapshots.@Nullable Taken taken;
    private boolean attempted;
    private volatile boolean ofAnother;

    SnapshotWay(
            Session holder,
            Session monitor,
            Instance instance,
            List<Instance.Database> chosen,
            Backups backups,
            FileSystemSnapshots snapshots) {
        this.holder = holder;
        this.monitor = monitor;
        this.instance = instance;
        this.chosen = chosen;
        this.backups = backups;
        this.snapshots = snapshots;
        List<String> names = chosen.stream().map(Instance.Database::name).toList();
        this.suspension = new Suspension(
                names, backups.settings().scope(), !backups.settings().ownsChain());
        this.metadata = backups.folder().resolve(backups.prefix() + "snapshot.bkm");
    }

    /** Refuses what somebody else has suspended before a watchdog hears of ours, for that could not tell the two apart. */
    void refuseAnothers(Deadline deadline) {
        if (suspension.isAnyHeld(monitor, deadline)) {
            ofAnother = true;
            throw ErrorCode.APPLICATION_NOT_READY.because("somebody else has suspended a database of ours");
        }
    }

    /** Whether what is suspended was suspended by somebody else, who has to resume it. */
    boolean isOfAnother() {
        return ofAnother;
    }

    void suspend(Deadline deadline) {
        if (!attempted) {
            refuseAnothers(deadline);
            attempted = true;
        }
        suspension.begin(holder, deadline);
    }

    /** Takes the snapshot, and has the server record it, which resumes. */
    void take(Deadline deadline) {
        suspension.require(monitor, deadline);
        List<Path> folders = instance.foldersOf(chosen);
        taken = snapshots.take(folders, FileSystemSnapshots.key(folders.toString()) + "." + backups.run(), deadline);
        suspension.require(monitor, deadline);
        try {
            holder.run("metadata", deadline, backups.metadata(suspension, metadata.toString()));
        } catch (BackupException failed) {
            // A server that was resumed in between refuses; what is in the snapshot then is anybody's guess.
            suspension.require(monitor, deadline);
            throw failed;
        }
    }

    void copy(CopySink sink) {
        FileSystemSnapshots.Taken from = taken;
        if (from == null) {
            throw new IllegalStateException("this phase comes after mark");
        }
        Set<PathBytes> files = new HashSet<>();
        instance.filesOf(chosen).forEach(each -> files.add(SqlServerApplication.path(each.path())));
        for (Path folder : instance.foldersOf(chosen)) {
            PathBytes as = SqlServerApplication.path(folder);
            sink.tree(new TreeCopy(
                    from.at(folder),
                    as,
                    (below, isFolder) -> files.contains(as.resolve(below)) ? Choice.TAKE : Choice.OMIT,
                    Cut.PAGES,
                    false));
        }
        PathBytes recorded = SqlServerApplication.path(metadata);
        sink.file(metadata, recorded, Cut.CONTENT);
        var script = SqlServerApplication.path(backups.folder().resolve(backups.prefix() + "restore.sql"));
        sink.content(script, RestoreScript.of(parts()).getBytes(StandardCharsets.UTF_8), recorded);
        close();
    }

    private List<RestoreScript.Part> parts() {
        return chosen.stream()
                .map(each -> new RestoreScript.Part(each.name(), metadata.toString(), "snapshot"))
                .toList();
    }

    /** What the server's own list says of it. */
    Map<String, String> verified(Deadline deadline) {
        Map<String, String> evidence = new TreeMap<>();
        for (int i = 0; i < chosen.size(); i++) {
            History.Backup listed = History.named(monitor, chosen.get(i).name(), backups.name(), deadline);
            if (listed == null || !listed.snapshot()) {
                throw ErrorCode.APPLICATION_STATE_LOST.because(
                        "the server does not list the snapshot among its backups");
            }
            if (listed.copyOnly() == backups.settings().ownsChain()) {
                throw ErrorCode.APPLICATION_STATE_LOST.because("the base of differentials is not what it should be");
            }
            evidence.put("last_lsn." + i, listed.last());
            evidence.put("file." + i, metadata.toString());
            evidence.put("kind." + i, "snapshot");
        }
        return evidence;
    }

    /** Removes the snapshot and the metadata's file on the server, of which the restore point has its copy. */
    void close() {
        if (taken != null) {
            taken.close();
            taken = null;
        }
        try {
            Files.deleteIfExists(metadata);
        } catch (IOException stays) {
            throw ErrorCode.APPLICATION_FAILED.because("the file of the metadata cannot be removed", stays);
        }
    }
}
