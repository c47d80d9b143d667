package org.medbackup.app.oracle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.TreeCopy;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/**
 * A snapshot of the data files, in backup mode or of one instant ("Backup and Recovery User's Guide", "Making User-Managed
 * Database Backups" and "Making Backups with Third-Party Snapshot Technologies"). Nothing of it is good without the logs of
 * all threads from its beginning to its end, so these are stored beside the files.
 */
final class SnapshotWay {

    private static final Duration SWITCH = Duration.ofMinutes(5);
    /** The server's own time, a second later than now: what the snapshot holds is older for certain. */
    private static final String TIME =
            "SELECT TO_CHAR(SYSDATE + INTERVAL '1' SECOND, 'YYYY-MM-DD:HH24:MI:SS') FROM dual";

    private final Session session;
    private final Instance instance;
    private final Settings settings;
    private final Names names;
    private final FileSystemSnapshots snapshots;
    private final TimeSource time;
    private final Map<String, String> evidence = new TreeMap<>();
    private SortedMap<Integer, Long> begun = new TreeMap<>();
    private FileSystemSnapshots.@Nullable Taken taken;
    private String snapshotTime = "";
    private long first;
    private volatile boolean ofAnother;

    SnapshotWay(
            Session session,
            Instance instance,
            Settings settings,
            Names names,
            FileSystemSnapshots snapshots,
            TimeSource time) {
        this.session = session;
        this.instance = instance;
        this.settings = settings;
        this.names = names;
        this.snapshots = snapshots;
        this.time = time;
    }

    /**
     * Writes out what would otherwise be written in backup mode, and removes what an earlier run left behind. Refuses what
     * somebody else has begun before a watchdog hears of ours, for that could not tell the two apart.
     */
    void prepare(Deadline deadline) {
        if (settings.mode() == Settings.Mode.BACKUP_MODE) {
            refuseAnothers(deadline);
        }
        snapshots.removeLeftovers(instance.folders(), owner(), deadline);
        session.run("log switch", deadline, "ALTER SYSTEM ARCHIVE LOG CURRENT");
        session.run("checkpoint", deadline, "ALTER SYSTEM CHECKPOINT");
    }

    /** Whether the backup mode that there is was begun by somebody else, who has to end it. */
    boolean isOfAnother() {
        return ofAnother;
    }

    private void refuseAnothers(Deadline deadline) {
        if (!BackupMode.active(session, deadline).isEmpty()) {
            ofAnother = true;
            throw ErrorCode.APPLICATION_NOT_READY.because("somebody else has files in backup mode");
        }
    }

    void begin(Deadline deadline) {
        if (begun.isEmpty()) {
            refuseAnothers(deadline);
        }
        begun = BackupMode.begin(session, deadline);
    }

    private void requireBackupMode(Deadline deadline) {
        if (begun.isEmpty() || !BackupMode.active(session, deadline).equals(begun)) {
            throw ErrorCode.FREEZE_LOST.because("backup mode was ended before the snapshot was complete");
        }
    }

    private String owner() {
        return "oracle-" + instance.dbid();
    }

    void take(Deadline deadline) {
        String run = owner() + "." + names.tag();
        if (settings.mode() == Settings.Mode.BACKUP_MODE) {
            requireBackupMode(deadline);
            first = begun.values().stream().mapToLong(Long::longValue).min().orElse(0);
            taken = snapshots.take(instance.folders(), run, deadline);
            requireBackupMode(deadline);
        } else {
            first = session.number("checkpoint", deadline, "SELECT MIN(checkpoint_change#) FROM v$datafile_header");
            taken = snapshots.take(instance.folders(), run, deadline);
            snapshotTime = session.texts("time", deadline, TIME).getFirst();
        }
    }

    void copy(CopySink sink) {
        FileSystemSnapshots.Taken from = taken;
        if (from == null) {
            throw new IllegalStateException("this phase comes after mark");
        }
        Deadline deadline = Deadline.after(time, SWITCH);
        awaitSnapshotTime(deadline);
        long last = Instance.scn(session, deadline);
        session.run("log switch", deadline, "ALTER SYSTEM ARCHIVE LOG CURRENT");
        Logs logs = Logs.archived(session, instance.resetlogs(), first, last, deadline);
        logs.require(instance.threads(), first, last);
        requireLogged(deadline);
        Path control = names.path("control.ctl");
        session.run("control file", deadline, "ALTER DATABASE BACKUP CONTROLFILE TO " + Sql.path(control) + " REUSE");
        if (instance.hasServerFile()) {
            session.run("parameters", deadline, "CREATE PFILE = " + Sql.path(names.path("init.ora")) + " FROM SPFILE");
        }
        instance.requireSame(Instance.ask(session, deadline), true);
        note(logs, last, control);
        hand(logs, control, from, sink);
        release();
    }

    /** A recovery has to go beyond the time of the snapshot, so the log has to. */
    private void awaitSnapshotTime(Deadline deadline) {
        while (!snapshotTime.isEmpty()
                && session.texts("time", deadline, "SELECT TO_CHAR(SYSDATE, 'YYYY-MM-DD:HH24:MI:SS') FROM dual")
                                .getFirst()
                                .compareTo(snapshotTime)
                        <= 0) {
            time.sleep(Duration.ofMillis(250));
        }
    }

    /** What was changed during the backup and is in no log would be lost without a word. */
    private void requireLogged(Deadline deadline) {
        boolean unlogged = Instance.files(session, deadline).stream().anyMatch(each -> each.unrecoverable() >= first);
        if (unlogged) {
            throw ErrorCode.APPLICATION_STATE_LOST.because(
                    "changes were made during the backup that no log holds; ALTER DATABASE FORCE LOGGING");
        }
    }

    private void note(Logs logs, long last, Path control) {
        evidence.putAll(logs.evidence());
        evidence.put("first_scn", Long.toString(first));
        evidence.put("last_scn", Long.toString(last));
        evidence.put("restorable_scn", Long.toString(last));
        evidence.put("control_file", control.toString());
        evidence.put("logs", names.path("logs").toString());
        evidence.put("snapshot_time", snapshotTime);
        evidence.put("level", "snapshot");
    }

    private void hand(Logs logs, Path control, FileSystemSnapshots.Taken from, CopySink sink) {
        sink.file(control, OracleApplication.path(control), Cut.CONTENT);
        Path parameters = names.path("init.ora");
        if (instance.hasServerFile()) {
            sink.file(parameters, OracleApplication.path(parameters), Cut.CONTENT);
        }
        // The logs come first: jobs of others may delete them, but nobody deletes the snapshot.
        for (Logs.Log each : logs.all()) {
            Path source = Path.of(each.where());
            if (!Files.isReadable(source)) {
                throw ErrorCode.APPLICATION_LOG_GAP.because("an archived log was deleted, or cannot be read here");
            }
            sink.file(source, OracleApplication.path(names.path("logs").resolve(logName(each))), Cut.CONTENT);
        }
        Set<PathBytes> files = new HashSet<>();
        instance.files().forEach(each -> files.add(OracleApplication.path(each.path())));
        for (Path folder : instance.folders()) {
            PathBytes as = OracleApplication.path(folder);
            sink.tree(new TreeCopy(
                    from.at(folder),
                    as,
                    (below, isFolder) -> files.contains(as.resolve(below)) ? Choice.TAKE : Choice.OMIT,
                    Cut.PAGES,
                    false));
        }
        byte[] script = RecoveryScript.ofSnapshot(facts()).getBytes(StandardCharsets.UTF_8);
        sink.content(OracleApplication.path(names.path("recover.sql")), script, OracleApplication.path(control));
    }

    /** As {@code LOG_ARCHIVE_FORMAT} writes it in {@link RecoveryScript#LOG_FORMAT}. */
    private String logName(Logs.Log log) {
        return log.thread() + "_" + log.sequence() + "_" + instance.resetlogsId() + ".arc";
    }

    private Map<String, String> facts() {
        var all = new TreeMap<>(instance.discovery(settings).facts());
        all.putAll(evidence);
        return all;
    }

    Map<String, String> evidence() {
        return evidence;
    }

    /** Removes the snapshot and what the server wrote for this run, of which the restore point has its copy. */
    void release() {
        FileSystemSnapshots.Taken held = taken;
        taken = null;
        try {
            for (String each : List.of("control.ctl", "init.ora")) {
                Files.deleteIfExists(names.path(each));
            }
        } catch (IOException stays) {
            throw ErrorCode.APPLICATION_FAILED.because("a file of the backup cannot be removed from the folder", stays);
        } finally {
            if (held != null) {
                held.close();
            }
        }
    }

    /** As {@link #release}, where nobody listens. */
    void close() {
        try {
            release();
        } catch (BackupException left) {
            // The next run with this folder finds it.
        }
    }
}
