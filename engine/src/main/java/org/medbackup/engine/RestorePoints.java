package org.medbackup.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.medbackup.core.PathBytes;
import org.medbackup.core.content.SourceSigns;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.commit.Manifest;
import org.medbackup.engine.internal.commit.Slots;
import org.medbackup.engine.internal.log.Findings;

/** The restore points of a repository as they stand at each call. Safe for use by several threads. */
final class RestorePoints {

    private final RepositoryCore core;

    RestorePoints(RepositoryCore core) {
        this.core = core;
    }

    /** All restore points, oldest first; unreadable ones are said to the log and left out. */
    List<Snapshot> all(OperationLog log) {
        core.keys().requireReading();
        var findings = new Findings(log);
        var snapshots = new ArrayList<Snapshot>();
        core.slots(findings)
                .each(
                        manifest -> snapshots.add(snapshot(manifest)),
                        (id, damaged) -> findings.add(Slots.slot(id), damaged));
        snapshots.sort(Comparator.comparing(Snapshot::time).thenComparing(Snapshot::id));
        return snapshots;
    }

    /** What is there, and what of it the caller does not know yet. */
    Repository.Listed beyond(Set<String> known, OperationLog log) {
        core.keys().requireReading();
        var findings = new Findings(log);
        Slots slots = core.slots(findings);
        List<String> ids = slots.ids();
        var unknown = new ArrayList<Snapshot>();
        for (String id : ids) {
            if (!known.contains(id)) {
                try {
                    slots.read(id).map(RestorePoints::snapshot).ifPresent(unknown::add);
                } catch (DamageException damaged) {
                    findings.add(Slots.slot(id), damaged);
                }
            }
        }
        return new Repository.Listed(Set.copyOf(ids), unknown);
    }

    /** Which of them nobody has given up. */
    Set<String> unexplained(Set<String> gone, OperationLog log) {
        Slots slots = core.slots(new Findings(log));
        return gone.stream().filter(id -> !slots.isForgotten(id)).collect(Collectors.toSet());
    }

    /** What the API says of a manifest. */
    static Snapshot snapshot(Manifest manifest) {
        Manifest.Open open = manifest.open();
        Manifest.Named named = manifest.readable().orElseThrow();
        return new Snapshot(
                manifest.text(),
                open.ended(),
                open.started(),
                named.source(),
                named.host(),
                named.paths().stream().map(PathBytes::toString).toList(),
                named.tags(),
                named.parent(),
                open.sums().files(),
                open.sums().bytes(),
                named.consistency(),
                without(named.evidence()),
                named.policy(),
                named.tool(),
                named.errorCount(),
                new Snapshot.AuditAnchor(named.auditSize(), named.auditRoot()),
                HexFormat.of().formatHex(open.writer()),
                SourceSigns.in(named.evidence()));
    }

    /** The application's evidence alone. */
    private static SortedMap<String, String> without(SortedMap<String, String> evidence) {
        SortedMap<String, String> own = new TreeMap<>(evidence);
        own.remove(SourceSigns.EVIDENCE);
        return own;
    }

    /** The root reference page of a restore point. */
    ChunkId references(String id, Findings findings) {
        return core.slots(findings)
                .read(id)
                .orElseThrow(() -> ErrorCode.SNAPSHOT_NOT_FOUND.because("no restore point " + id))
                .open()
                .references();
    }

    /** The root page of a restore point's tree. */
    ChunkId root(String id, OperationLog log) {
        core.keys().requireReading();
        return core.slots(new Findings(log))
                .read(id)
                .flatMap(Manifest::readable)
                .map(Manifest.Named::tree)
                .orElseThrow(() -> ErrorCode.SNAPSHOT_NOT_FOUND.because("no restore point " + id));
    }

    /** The id that a text names; with keys that read no names, by its beginning alone. */
    String idOf(String text, OperationLog log) {
        if (core.keys().reads()) {
            return SnapshotSelector.find(all(log), text).id();
        }
        List<String> matching = core.slots(new Findings(log)).ids().stream()
                .filter(id -> !text.isEmpty() && id.startsWith(text))
                .toList();
        if (matching.size() > 1) {
            throw ErrorCode.SNAPSHOT_AMBIGUOUS.because(matching.size() + " restore points");
        }
        return matching.stream().findFirst().orElseThrow(() -> ErrorCode.SNAPSHOT_NOT_FOUND.because("no id begins so"));
    }
}
