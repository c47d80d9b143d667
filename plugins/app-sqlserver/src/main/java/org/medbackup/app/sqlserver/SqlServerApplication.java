package org.medbackup.app.sqlserver;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;

/**
 * The databases of one server for one backup.
 *
 * <p>In mode {@code snapshot} one session suspends, and the same session records the snapshot, which resumes; another one
 * asks and resumes where something fails. In mode {@code streaming} nothing is held up.
 */
final class SqlServerApplication implements Application {

    private static final String LOCK_TIMEOUT = "SET LOCK_TIMEOUT 5000";

    private final String shown;
    private final ConnectionSource source;
    private final Settings settings;
    private final @Nullable Secret s3Key;
    private final Outside outside;
    private @Nullable Session monitor;
    private @Nullable Session holder;
    private @Nullable Instance instance;
    private volatile @Nullable SnapshotWay snapshot;
    private @Nullable StreamingWay streaming;

    SqlServerApplication(
            String shown, ConnectionSource source, Settings settings, @Nullable Secret s3Key, Outside outside) {
        this.shown = shown;
        this.source = source;
        this.settings = settings;
        this.s3Key = s3Key;
        this.outside = outside;
    }

    @Override
    public String address() {
        return shown;
    }

    @Override
    public Discovery discover(Deadline deadline) {
        if (monitor == null) {
            monitor = Session.open(source, "medbackup", deadline);
        }
        Instance found = Instance.ask(monitor, deadline);
        instance = found;
        return found.discovery(settings, found.chosen(settings.databases()));
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        return new Checks(known(monitor, "discover"), known(instance, "discover"), settings, deadline)
                .run(outside.snapshots());
    }

    @Override
    public void prepare(String run, Deadline deadline) {
        Instance found = known(instance, "discover");
        Session session = Session.open(source, "medbackup/" + run, deadline);
        holder = session;
        var backups = new Backups(settings, run);
        List<Instance.Database> chosen = found.chosen(settings.databases());
        if (settings.mode() == Settings.Mode.SNAPSHOT) {
            session.run("prepare", deadline, LOCK_TIMEOUT);
            var way = new SnapshotWay(session, known(monitor, "discover"), found, chosen, backups, outside.snapshots());
            snapshot = way;
            way.refuseAnothers(deadline);
        } else {
            streaming = new StreamingWay(session, chosen, backups, s3Key, outside.time());
            streaming.prepare(deadline);
        }
    }

    @Override
    public boolean freezes() {
        return settings.mode() == Settings.Mode.SNAPSHOT;
    }

    @Override
    public void freeze(Deadline deadline) {
        known(snapshot, "prepare").suspend(deadline);
    }

    @Override
    public void mark(Deadline deadline) {
        if (snapshot != null) {
            snapshot.take(deadline);
        }
    }

    /** A backup that the server writes is of its own end. */
    @Override
    public boolean copiesItsMark() {
        return settings.mode() == Settings.Mode.SNAPSHOT;
    }

    @Override
    public void thaw(Deadline deadline) {
        SnapshotWay way = snapshot;
        if (settings.mode() != Settings.Mode.SNAPSHOT || way != null && way.isOfAnother()) {
            return;
        }
        var suspension = new Suspension(settings.databases(), settings.scope(), !settings.ownsChain());
        // The holder may be in the middle of a statement that does not return.
        Session open = monitor;
        if (open != null) {
            try {
                suspension.end(open, deadline);
                return;
            } catch (BackupException gone) {
                if (gone.code() != ErrorCode.APPLICATION_UNREACHABLE) {
                    throw gone;
                }
            }
        }
        try (Session fresh = Session.open(source, "medbackup resume", deadline)) {
            suspension.end(fresh, deadline);
        }
    }

    @Override
    public void copy(CopySink sink) {
        if (snapshot != null) {
            snapshot.copy(sink);
        } else {
            known(streaming, "prepare").copy(sink);
        }
    }

    @Override
    public Consistency verify(Deadline deadline) {
        Session asked = known(monitor, "discover");
        if (!Instance.ask(asked, deadline)
                .server()
                .equals(known(instance, "discover").server())) {
            throw ErrorCode.APPLICATION_STATE_LOST.because("another server answers at this address");
        }
        var evidence = snapshot != null
                ? snapshot.verified(deadline)
                : known(streaming, "prepare").verified();
        String position = evidence.getOrDefault("last_lsn.0", "none");
        return new Consistency(ConsistencyLevel.APPLICATION_CONSISTENT, position, Duration.ZERO, evidence);
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        if (snapshot != null) {
            snapshot.close();
            thaw(deadline);
        }
        if (streaming != null) {
            streaming.close();
        }
        if (holder != null) {
            holder.close();
            holder = null;
        }
    }

    static PathBytes path(Path path) {
        return PathBytes.copyOf(path.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
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
