package org.medbackup.engine.internal.backup;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.Selection;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.scan.Exclusions;
import org.medbackup.engine.internal.scan.ScanCacheWriter;
import org.medbackup.engine.internal.scan.TreeWalk;

/** A backup of file trees as they are, each file for itself. */
public final class FileBackup {

    private FileBackup() {}

    /** Runs it. */
    public static BackupResult run(RepositoryCore core, BackupRequest request, OperationLog log) {
        List<PathBytes> keys = SourceRoots.keys(request.paths());
        SourceRoots.require(keys);
        try (var run = new BackupRun(core, request, log);
                ScanCacheWriter cache = run.newCache();
                Previous previous = run.previous()) {
            try {
                run.compare(previous, path -> true);
                TreeSink tree = run.newTree();
                read(run, request, keys, List.of(cache::add, tree), previous);
                var statement = new BackupRun.Statement(ConsistencyLevel.FILE_LEVEL, new TreeMap<>(), request.paths());
                return run.commit(tree.root(), previous.manifest(), cache, statement);
            } catch (BackupException failed) {
                throw run.ended(failed);
            }
        }
    }

    private static void read(
            BackupRun run, BackupRequest request, List<PathBytes> keys, List<EntrySink> sinks, Previous previous) {
        var exclusions = new Exclusions(request.exclusions());
        Set<PathBytes> omitted =
                request.omitted().stream().map(PathBytes::trimmed).collect(Collectors.toSet());
        var reader = new SourceReader(run.work(), Cut.CONTENT, false, previous, path -> null, sinks);
        try {
            SourceRoots.walk(
                    keys,
                    reader,
                    root -> new TreeWalk(selection(root, exclusions, omitted), request.oneFileSystem(), reader));
            reader.finish();
        } catch (RuntimeException failed) {
            reader.abandon();
            throw failed;
        }
    }

    private static Selection selection(PathBytes root, Exclusions exclusions, Set<PathBytes> omitted) {
        if (exclusions.isEmpty() && omitted.isEmpty()) {
            return Selection.ALL;
        }
        return (below, folder) -> {
            PathBytes path = root.resolve(below);
            return omitted.contains(path) || exclusions.exclude(path) ? Choice.OMIT : Choice.TAKE;
        };
    }
}
