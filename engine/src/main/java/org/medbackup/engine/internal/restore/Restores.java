package org.medbackup.engine.internal.restore;

import java.util.List;
import java.util.function.Function;
import org.medbackup.core.PathBytes;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.engine.RestorePlan;
import org.medbackup.engine.RestoreRequest;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.log.Progress;
import org.medbackup.engine.internal.read.ChunkReader;

/** Restores, plans, and proofs that a restore would succeed. */
public final class Restores {

    private Restores() {}

    /**
     * Restores to a disk.
     *
     * @param pulse called before each range is fetched, by any thread
     */
    public static RestoreResult run(
            RepositoryCore core, ChunkId root, RestoreRequest request, OperationLog log, Runnable pulse) {
        long started = core.context().time().nanos();
        var failures = new RestoreFailures();
        var counts = new Restorer.Counts();
        var findings = new Findings(log);
        try (var reader = new ChunkReader(core, core.openIndex(findings), findings, pulse)) {
            var selector = new Selector(request.base(), request.includes());
            var restorer = new Restorer(
                    reader, root, selector, new Progress(log, core.context().time()));
            restorer.requirePaths();
            long extra = 0;
            try (RestoreLock _ = RestoreLock.take(core.context().stateFolder(), request.snapshot(), request.target());
                    TargetTree tree = TargetTree.open(request.target())) {
                var attributes = new AttributeWriter(failures);
                TemporaryNames names = core.context().hostKey().use(key -> new TemporaryNames(key, request.snapshot()));
                var entries = new DiskEntries(tree, attributes, failures, request.existing(), names);
                try (var sink = new DiskSink(
                        tree, attributes, core.context().throttle(), request.existing(), names, reader::namer)) {
                    restorer.restore(
                            sink,
                            entries,
                            failures,
                            counts,
                            core.context().sizing().workers());
                }
                entries.makeLinks();
                restorer.folders(entries);
                if (request.existing() == RestoreRequest.Existing.REPLACED) {
                    extra = restorer.extra(tree);
                }
            }
            long written = counts.written.sum();
            return new RestoreResult(
                    counts.files.sum(),
                    counts.entries.sum(),
                    new RestoreResult.Bytes(written, reader.fetchedBytes(), counts.bytes.sum() - written),
                    extra,
                    core.context().time().since(started),
                    failures.first(),
                    failures.count(),
                    failures.damaged());
        }
    }

    /** What a restore would do. */
    public static RestorePlan plan(RepositoryCore core, ChunkId root, RestoreRequest request, OperationLog log) {
        return planned(core, root, request, log, Restorer::plan);
    }

    /** What a restore would do, read by read. */
    public static RestoreSteps steps(RepositoryCore core, ChunkId root, RestoreRequest request, OperationLog log) {
        int workers = core.context().sizing().workers();
        return planned(core, root, request, log, restorer -> restorer.steps(workers));
    }

    /** The packs of data from which a restore would be read. */
    public static List<ObjectInfo> packs(RepositoryCore core, ChunkId root, RestoreRequest request, OperationLog log) {
        return planned(core, root, request, log, Restorer::packs);
    }

    private static <T> T planned(
            RepositoryCore core, ChunkId root, RestoreRequest request, OperationLog log, Function<Restorer, T> answer) {
        var findings = new Findings(log);
        try (var reader = new ChunkReader(core, core.openIndex(findings), findings)) {
            var restorer = new Restorer(
                    reader,
                    root,
                    new Selector(request.base(), request.includes()),
                    new Progress(log, core.context().time()));
            restorer.requirePaths();
            return answer.apply(restorer);
        }
    }

    /** Reads everything back and writes nothing; what fails is in the result. */
    public static RestoreFailures prove(ChunkReader reader, ChunkId root, int workers, Progress progress) {
        var failures = new RestoreFailures();
        var restorer = new Restorer(reader, root, new Selector(PathBytes.of("/"), List.of()), progress);
        var nothing = new NullSink();
        restorer.restore(nothing, nothing, failures, new Restorer.Counts(), workers);
        return failures;
    }
}
