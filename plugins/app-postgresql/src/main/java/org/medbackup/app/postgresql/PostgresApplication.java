package org.medbackup.app.postgresql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots.Ability;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots.Taken;

/**
 * One PostgreSQL server for one backup, a primary or a standby. It is never frozen: what it costs is the checkpoint of the start.
 *
 * <p>Two sessions: the monitor asks, the {@link Holder} holds the backup. If this process dies, the server ends the
 * holder's session, and with it the backup and its replication slot.
 */
final class PostgresApplication implements Application {

    /** Stopping writes the end of the log and returns; it does not wait for the archive. */
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Servers servers;
    private final String invariant;
    private final boolean fromSnapshot;
    private final FileSystemSnapshots snapshots;
    private final TimeSource time;
    private Servers.@Nullable Found server;
    private @Nullable Session monitor;
    private @Nullable Cluster cluster;
    private @Nullable Holder holder;
    private Progress.@Nullable Started started;
    private Progress.@Nullable Copied copied;
    private @Nullable String run;
    private @Nullable Taken snapshot;

    /**
     * An application that is not connected yet.
     *
     * @param invariant queries that a restored database must satisfy, one a line
     * @param fromSnapshot whether the files are copied from a snapshot, which is taken at the mark
     */
    PostgresApplication(Servers servers, String invariant, boolean fromSnapshot, Outside outside) {
        this.servers = servers;
        this.invariant = invariant;
        this.fromSnapshot = fromSnapshot;
        this.snapshots = outside.snapshots();
        this.time = outside.time();
    }

    @Override
    public String address() {
        return servers.shown();
    }

    @Override
    public Discovery discover(Deadline deadline) {
        Servers.Found chosen = server;
        Session session = monitor;
        if (session == null || chosen == null) {
            chosen = servers.now(deadline);
            server = chosen;
            session = chosen.connector().open("medbackup", deadline);
            monitor = session;
        }
        Cluster found = new ClusterQuery(session, deadline).cluster();
        cluster = found;
        return found.discovery(chosen.connector().address().database(), chosen.member());
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        Cluster found = known(cluster, "discover");
        List<Readiness> checks =
                new ArrayList<>(new ReadinessChecks(known(monitor, "discover"), found, servers.role(), time, deadline)
                        .run(connector()));
        if (fromSnapshot) {
            Ability ability = snapshots.probe(folders(found));
            checks.add(new Readiness(
                    "snapshot",
                    ability.isPossible(),
                    ability.isPossible() ? ability.kind() : ability.why(),
                    ability.isPossible()
                            ? ""
                            : "Put the data on Btrfs, ZFS or a logical volume, or set snapshot: false"));
        }
        return List.copyOf(checks);
    }

    @Override
    public void prepare(String run, Deadline deadline) {
        Cluster server = known(cluster, "discover");
        Path data = known(server.dataDirectory(), "check");
        Holder opened = Holder.open(connector(), server.major(), run.replaceAll("[^\\x20-\\x7e]", "_"), deadline);
        holder = opened;
        opened.reserveLog(deadline);
        // Slots are never copied to a standby: this is proof that the files are those of the server we talk to.
        if (!Files.isDirectory(data.resolve("pg_replslot").resolve(opened.slot()))) {
            throw ErrorCode.APPLICATION_NOT_READY.because("the data directory here is not that of this server");
        }
        String key = FileSystemSnapshots.key(address());
        this.run = key + "." + run.replaceAll("[^A-Za-z0-9_-]", "_");
        if (fromSnapshot) {
            snapshots.removeLeftovers(folders(server), key, deadline);
            // The checkpoint comes here, so that the mark takes a moment only.
            start(deadline);
        }
    }

    private static List<Path> folders(Cluster server) {
        var folders = new ArrayList<Path>();
        folders.add(known(server.dataDirectory(), "check"));
        server.tablespaces().forEach(each -> folders.add(each.location()));
        return folders;
    }

    @Override
    public boolean copiesItsMark() {
        return fromSnapshot;
    }

    private Connector connector() {
        return known(server, "discover").connector();
    }

    @Override
    public boolean freezes() {
        return false;
    }

    @Override
    public void freeze(Deadline deadline) {
        throw new IllegalStateException("PostgreSQL is backed up without a freeze");
    }

    @Override
    public void mark(Deadline deadline) {
        if (!fromSnapshot) {
            start(deadline);
            return;
        }
        Cluster server = known(cluster, "discover");
        // Between start and stop the log heals what is torn, so that the folders need not be of one instant.
        snapshot = snapshots.take(folders(server), known(run, "prepare"), deadline);
        copied = stop(server, known(monitor, "discover"), List.of(), ChangedPages.unknown(""));
    }

    private void start(Deadline deadline) {
        Session questions = known(monitor, "discover");
        int major = known(cluster, "discover").major();
        CheckpointWrites before = CheckpointWrites.ask(questions, major, deadline);
        long begun = time.nanos();
        Lsn start = known(holder, "prepare").start(deadline);
        Duration took = time.since(begun);
        long dirty = before.dirty(questions, major, time, deadline);
        started = new Progress.Started(start, time.now(), took, before.pages(), dirty);
    }

    @Override
    public void thaw(Deadline deadline) {
        // Nothing was frozen.
    }

    @Override
    public void copy(CopySink sink) {
        Cluster server = known(cluster, "discover");
        Session questions = known(monitor, "discover");
        Path data = known(server.dataDirectory(), "check");
        Lsn start = known(started, "mark").lsn();
        Divergence.refuse(server, sink.before());
        Taken taken = snapshot;
        if (taken != null) {
            ChangedPages changed = new WalSummaries(questions, server, data, time).since(sink.before(), start);
            var copy = new DataCopy(server, data, taken::at, sink, () -> {}, time, changed);
            copy.handOver();
            List<Path> configuration =
                    copy.configuration(ConfigurationFiles.of(server, questions, Deadline.after(time, STOP)));
            Progress.Copied result = known(copied, "mark").with(configuration, changed);
            handOverEnd(copy, server, result, sink);
            copied = result;
            return;
        }
        try (var heartbeat = Heartbeat.start(known(holder, "prepare"), questions, server.state(), time)) {
            ChangedPages changed = new WalSummaries(questions, server, data, time).since(sink.before(), start);
            var copy = new DataCopy(server, data, path -> path, sink, heartbeat::requireAlive, time, changed);
            handOver(copy, heartbeat);
            List<Path> configuration =
                    copy.configuration(ConfigurationFiles.of(server, questions, Deadline.after(time, STOP)));
            heartbeat.finish();
            Progress.Copied result = stop(server, questions, configuration, changed);
            handOverEnd(copy, server, result, sink);
            copied = result;
        }
    }

    private Progress.Copied stop(Cluster server, Session questions, List<Path> configuration, ChangedPages changed) {
        InFlight inFlight = InFlight.ask(questions, Deadline.after(time, STOP));
        long written = CheckpointWrites.ask(questions, server.major(), Deadline.after(time, STOP))
                .pages();
        long begun = time.nanos();
        BackupEnd end = known(holder, "prepare").stop(Deadline.after(time, STOP));
        Duration took = time.since(begun);
        Lsn start = known(started, "mark").lsn();
        var segments = WalSegments.of(server.state().timeline(), server.walSegmentSize(), start, end.lsn());
        return new Progress.Copied(end, time.now(), took, segments, inFlight, configuration, changed, written);
    }

    private static void handOver(DataCopy copy, Heartbeat heartbeat) {
        try {
            copy.handOver();
        } catch (RuntimeException failed) {
            // What the sink makes of the early end does not matter when the backup was lost before.
            heartbeat.requireAlive();
            throw failed;
        }
    }

    private static void handOverEnd(DataCopy copy, Cluster server, Progress.Copied result, CopySink sink) {
        BackupEnd end = result.end();
        PathBytes like = copy.inData("PG_VERSION");
        sink.content(copy.inData("backup_label"), end.label(), like);
        if (end.tablespaceMap().length > 0) {
            sink.content(copy.inData("tablespace_map"), end.tablespaceMap(), like);
        }
        Path log = copy.data().resolve("pg_wal");
        new WalCopy(log, copy.inData("pg_wal"), server.major(), server.state().systemIdentifier())
                .handOver(result.segments(), sink);
    }

    @Override
    public Consistency verify(Deadline deadline) {
        Cluster server = known(cluster, "discover");
        Progress.Copied result = known(copied, "copy");
        // The holder is not asked again: a backup that was lost could not have been stopped.
        Cluster.State now = new ClusterQuery(known(monitor, "discover"), deadline).state();
        if (!now.equals(server.state())) {
            throw ErrorCode.APPLICATION_STATE_LOST.because("the server is not the one any more that was copied");
        }
        return Progress.consistency(server, known(started, "mark"), result, invariant);
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        Holder session = holder;
        holder = null;
        closeSnapshot();
        if (session == null) {
            return;
        }
        try (session) {
            session.releaseLog(deadline);
        } catch (BackupException gone) {
            // A session that is gone has taken its slot and its backup with it: both are its own.
            return;
        }
    }

    private void closeSnapshot() {
        Taken taken = snapshot;
        snapshot = null;
        if (taken != null) {
            taken.close();
        }
    }

    @Override
    public void close() {
        closeSnapshot();
        if (holder != null) {
            holder.close();
            holder = null;
        }
        if (monitor != null) {
            monitor.close();
            monitor = null;
        }
    }

    private static <T> T known(@Nullable T value, String phase) {
        if (value == null) {
            throw new IllegalStateException("this phase comes after " + phase);
        }
        return value;
    }
}
