package org.medbackup.app.mariadb;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.TreeCopy;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots.Taken;

/**
 * One MariaDB server for one backup, in one of two modes.
 *
 * <p>{@link Mode#STREAM}: {@code mariadb-backup} does the work; at its end it makes commits wait for a moment, in a session of
 * its own, which dies with it. {@link Mode#STAGE}: the {@link Holder} makes them wait while a snapshot is taken.
 */
final class MariadbApplication implements Application {

    private final Connector connector;
    private final Mode mode;
    private final Mode.Wish wish;
    private final Outside outside;
    private final TimeSource time;
    private @Nullable Session monitor;
    private @Nullable Server server;
    private @Nullable String run;
    private volatile @Nullable Holder holder;
    /** Of the freeze that this or another process has made; null before. */
    private volatile @Nullable String freeze;

    private @Nullable Position position;
    private @Nullable Taken snapshot;
    private @Nullable Instant consistentAt;
    private Duration added = Duration.ZERO;

    /**
     * An application that is not connected.
     *
     * @param freeze which freeze of another process it may have to end, or null
     */
    MariadbApplication(Connector connector, Mode.Wish wish, @Nullable String freeze, Outside outside) {
        this.connector = connector;
        this.wish = wish;
        this.freeze = freeze;
        this.mode = wish.resolved();
        this.outside = outside;
        this.time = outside.time();
    }

    @Override
    public String address() {
        return connector.address().shown();
    }

    @Override
    public Discovery discover(Deadline deadline) {
        Session session = monitor;
        if (session == null) {
            session = connector.open(deadline);
            monitor = session;
        }
        Server found = Server.ask(session, time, deadline);
        server = found;
        return found.discovery();
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        return new ReadinessChecks(known(monitor, "discover"), known(server, "discover"), mode, outside, deadline)
                .run();
    }

    @Override
    public void prepare(String name, Deadline deadline) {
        run = name;
        OwnFolder.require(known(server, "discover"));
        if (mode == Mode.STAGE) {
            outside.snapshots()
                    .removeLeftovers(
                            List.of(known(server, "discover").dataDirectory()),
                            FileSystemSnapshots.key(address()),
                            deadline);
            Holder opened = Holder.open(connector, Holder.SILENCE, deadline);
            holder = opened;
            freeze = opened.key();
        }
    }

    @Override
    public boolean freezes() {
        return mode == Mode.STAGE;
    }

    @Override
    public Map<String, String> freezeHandle() {
        String key = freeze;
        return key == null ? Map.of() : Map.of(Holder.HANDLE, key);
    }

    @Override
    public void freeze(Deadline deadline) {
        if (mode == Mode.STREAM) {
            throw new IllegalStateException("mariadb-backup needs no freeze");
        }
        known(holder, "prepare").freeze(deadline);
    }

    @Override
    public void mark(Deadline deadline) {
        if (mode == Mode.STREAM) {
            known(server, "discover");
            return;
        }
        Server frozen = known(server, "discover");
        String name = known(run, "prepare");
        Holder session = holder;
        if (session == null) {
            throw ErrorCode.FREEZE_LOST.because("the commits were let go before the mark");
        }
        session.requireFrozen(deadline);
        position = session.position(frozen, deadline);
        String snapshotName = FileSystemSnapshots.key(address()) + "." + name.replaceAll("[^A-Za-z0-9_-]", "_");
        snapshot = outside.snapshots().take(List.of(frozen.dataDirectory()), snapshotName, deadline);
        consistentAt = time.now();
        session.requireFrozen(deadline);
    }

    /** The tool's stream is of its own end. */
    @Override
    public boolean copiesItsMark() {
        return mode == Mode.STAGE;
    }

    @Override
    public void thaw(Deadline deadline) {
        Holder session = holder;
        if (mode == Mode.STREAM) {
            return;
        }
        if (session != null) {
            holder = null;
            try (session) {
                session.thaw(deadline);
                return;
            } catch (BackupException unsure) {
                // Its session is closed now; whether the server has noticed is asked below.
            }
        }
        try (Session other = connector.open(deadline)) {
            String key = freeze;
            if (key == null) {
                Holder.requireNone(other, deadline);
            } else {
                Holder.end(other, key, time, deadline);
            }
        }
    }

    @Override
    public void copy(CopySink sink) {
        Server original = known(server, "discover");
        if (mode == Mode.STREAM) {
            var reached = new StreamBackup(connector, original, wish.scratch(), outside).run(sink);
            position = reached.position();
            added = reached.held();
            consistentAt = time.now();
        } else {
            Taken taken = known(snapshot, "mark");
            var data = original.dataDirectory();
            sink.tree(new TreeCopy(taken.at(data), Folders.path(data), new StageSelection(original), Cut.PAGES, false));
        }
    }

    @Override
    public Consistency verify(Deadline deadline) {
        Server before = known(server, "discover");
        Position reached = known(position, "copy");
        Server now = Server.ask(known(monitor, "discover"), time, deadline);
        if (mode == Mode.STREAM && !now.isSameRunAs(before)) {
            throw ErrorCode.APPLICATION_STATE_LOST.because("the server was started again during the backup");
        }
        Map<String, String> evidence = new TreeMap<>();
        evidence.put("mode", mode.label());
        evidence.put("consistent_at", known(consistentAt, "copy").toString());
        evidence.put("hold_seconds", Double.toString(added.toMillis() / 1000.0));
        reached.putInto(evidence);
        evidence.putAll(reached.placeOf(before));
        return new Consistency(ConsistencyLevel.APPLICATION_CONSISTENT, reached.shown(), added, evidence);
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        try {
            Holder session = holder;
            holder = null;
            if (session != null) {
                session.close();
            }
        } finally {
            closeSnapshot();
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
        Holder session = holder;
        holder = null;
        if (session != null) {
            session.close();
        }
        Session asking = monitor;
        monitor = null;
        if (asking != null) {
            asking.close();
        }
        closeSnapshot();
    }

    private static <T> T known(@Nullable T value, String phase) {
        if (value == null) {
            throw new IllegalStateException("this phase comes after " + phase);
        }
        return value;
    }
}
