package org.medbackup.app.oracle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.oracle.DriverSource.Logon;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;

/**
 * One database for one backup.
 *
 * <p>Nothing ever stops its writes. Backup mode is begun and ended in the phases of a freeze all the same, for whoever must
 * not be left frozen must not be left in backup mode either: lease, watchdog and journal end it.
 */
final class OracleApplication implements Application {

    private final DriverSource source;
    private final Settings settings;
    private final Outside outside;
    private volatile @Nullable Session monitor;
    private @Nullable Session worker;
    private @Nullable Instance instance;
    private volatile @Nullable SnapshotWay snapshot;
    private @Nullable RmanRun rman;
    private boolean mayBackUp;

    OracleApplication(DriverSource source, Settings settings, Outside outside) {
        this.source = source;
        this.settings = settings;
        this.outside = outside;
    }

    @Override
    public String address() {
        return source.address().shown();
    }

    @Override
    public Discovery discover(Deadline deadline) {
        Session open = monitor;
        if (open == null) {
            open = open(deadline);
            monitor = open;
        }
        Instance found = Instance.ask(open, deadline);
        instance = found;
        return found.discovery(settings);
    }

    /** As who may back up, or else as who may at least say what is missing. */
    private Session open(Deadline deadline) {
        try {
            Session open = Session.open(source, Logon.SYSBACKUP, deadline);
            mayBackUp = true;
            return open;
        } catch (BackupException refused) {
            if (refused.code() != ErrorCode.APPLICATION_NOT_READY) {
                throw refused;
            }
            mayBackUp = false;
            try {
                return Session.open(source, Logon.PLAIN, deadline);
            } catch (BackupException wrong) {
                throw refused;
            }
        }
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        return new Checks(
                        known(monitor, "discover"),
                        known(instance, "discover"),
                        settings,
                        source.address().user(),
                        mayBackUp,
                        deadline)
                .run(outside.snapshots());
    }

    @Override
    public void prepare(String run, Deadline deadline) {
        Instance found = known(instance, "discover");
        Session session = Session.open(source, Logon.SYSBACKUP, deadline);
        Names names = Names.of(settings.folder(), run);
        if (settings.isByRman()) {
            var program = new OracleProgram(outside, settings.programs(), settings.sid(), settings.silence());
            session.close();
            rman = new RmanRun(source, found, settings, names, program, outside.time());
        } else {
            worker = session;
            var way = new SnapshotWay(session, found, settings, names, outside.snapshots(), outside.time());
            snapshot = way;
            way.prepare(deadline);
        }
    }

    /** Whether there is something that must be ended; the writes go on in any case. */
    @Override
    public boolean freezes() {
        return settings.mode() == Settings.Mode.BACKUP_MODE;
    }

    @Override
    public void freeze(Deadline deadline) {
        known(snapshot, "prepare").begin(deadline);
    }

    @Override
    public void mark(Deadline deadline) {
        SnapshotWay way = snapshot;
        if (way != null) {
            way.take(deadline);
        }
    }

    @Override
    public void thaw(Deadline deadline) {
        SnapshotWay way = snapshot;
        if (!freezes() || way != null && way.isOfAnother()) {
            return;
        }
        // The worker may be in the middle of a statement that does not return.
        Session open = monitor;
        if (open != null) {
            try {
                BackupMode.end(open, deadline);
                return;
            } catch (BackupException failed) {
                monitor = null;
                open.close();
                if (failed.code() != ErrorCode.APPLICATION_UNREACHABLE) {
                    throw failed;
                }
            }
        }
        Session fresh = Session.open(source, Logon.SYSBACKUP, deadline);
        monitor = fresh;
        BackupMode.end(fresh, deadline);
    }

    @Override
    public void copy(CopySink sink) {
        SnapshotWay way = snapshot;
        if (way != null) {
            way.copy(sink);
        } else {
            RmanRun run = known(rman, "prepare");
            if (settings.mode() == Settings.Mode.IMAGE_COPIES) {
                new CopiesWay(run).copy(sink);
            } else {
                new RmanWay(run).copy(sink);
            }
        }
    }

    @Override
    public Consistency verify(Deadline deadline) {
        Instance before = known(instance, "discover");
        // The copy has taken its time, in which the session did nothing and may have been ended.
        Session idle = monitor;
        if (idle != null) {
            idle.close();
        }
        Session asked = Session.open(source, Logon.SYSBACKUP, deadline);
        monitor = asked;
        Instance now = Instance.ask(asked, deadline);
        // What was stored is complete by now; a switchover keeps its worth, another incarnation does not.
        before.requireSame(now, false);
        SnapshotWay way = snapshot;
        Map<String, String> evidence = new TreeMap<>(
                way != null ? way.evidence() : known(rman, "prepare").evidence());
        evidence.put("role_at_end", now.role());
        String position = evidence.getOrDefault("last_scn", "none");
        return new Consistency(ConsistencyLevel.APPLICATION_CONSISTENT, position, Duration.ZERO, evidence);
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        SnapshotWay way = snapshot;
        if (way != null) {
            way.close();
        }
        if (rman != null) {
            rman.giveUp();
            rman.close();
        }
        if (worker != null) {
            worker.close();
            worker = null;
        }
    }

    static PathBytes path(Path path) {
        return PathBytes.copyOf(path.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        if (rman != null) {
            rman.close();
        }
        if (worker != null) {
            worker.close();
            worker = null;
        }
        Session open = monitor;
        if (open != null) {
            open.close();
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
