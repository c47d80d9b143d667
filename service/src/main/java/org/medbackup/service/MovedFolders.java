package org.medbackup.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.Snapshot;

/**
 * Restores an application's files, some of its folders to places of their own.
 *
 * @param moved folders of the restore point, and where each goes
 */
record MovedFolders(Map<Path, Path> moved) {

    private static final PathBytes ROOT = PathBytes.of("/");

    RestoreResult restore(Repository repository, Snapshot snapshot, Path target, OperationLog log) {
        if (moved.isEmpty()) {
            return repository.restore(new RestoreRequest(snapshot.id(), ROOT, List.of(), target), log);
        }
        List<PathBytes> others = new ArrayList<>();
        for (String path : snapshot.paths()) {
            if (!moved.containsKey(Path.of(path))) {
                others.add(PathBytes.of(path));
            }
        }
        if (others.size() + moved.size() != snapshot.paths().size()) {
            throw ErrorCode.USAGE
                    .because("a folder to be moved is none of those that were backed up")
                    .about(moved.keySet());
        }
        for (String file : snapshot.evidence().getOrDefault("configuration", "").split(":")) {
            if (!file.isEmpty()) {
                others.add(PathBytes.of(file));
            }
        }
        RestoreResult all = repository.restore(new RestoreRequest(snapshot.id(), ROOT, others, target), log);
        for (Map.Entry<Path, Path> each : moved.entrySet()) {
            Applications.makePassable(each.getValue());
            var request = new RestoreRequest(
                    snapshot.id(), PathBytes.of(each.getKey().toString()), List.of(), each.getValue());
            all = both(all, repository.restore(request, log));
        }
        return all;
    }

    private static RestoreResult both(RestoreResult one, RestoreResult other) {
        List<RestoreResult.Failure> failures = new ArrayList<>(one.failures());
        failures.addAll(other.failures());
        return new RestoreResult(
                one.files() + other.files(),
                one.entries() + other.entries(),
                new RestoreResult.Bytes(
                        one.bytes().written() + other.bytes().written(),
                        one.bytes().fetched() + other.bytes().fetched(),
                        one.bytes().reused() + other.bytes().reused()),
                one.extra() + other.extra(),
                one.took().plus(other.took()),
                failures,
                one.failureCount() + other.failureCount(),
                one.damaged() || other.damaged());
    }
}
