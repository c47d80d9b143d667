package org.medbackup.app.oracle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/** What has to hold before a database is backed up, each with the statement that mends it. */
record Checks(
        Session session, Instance instance, Settings settings, String user, boolean mayBackUp, Deadline deadline) {

    /** Block change tracking keeps so many differences; one more than seven, and RMAN reads every block. */
    private static final int TRACKED = 7;

    List<Readiness> run(FileSystemSnapshots snapshots) {
        List<Readiness> found = new ArrayList<>();
        found.add(privilege());
        found.add(root());
        found.add(logMode());
        found.add(role());
        found.add(forceLogging());
        found.add(folder());
        found.add(archiveSpace());
        found.add(destinations());
        found.add(wallet());
        found.add(backupMode());
        if (settings.isByRman()) {
            found.add(program());
            found.add(tracking());
            found.add(unrecoverable());
        } else {
            found.addAll(snapshot(snapshots));
        }
        return List.copyOf(found);
    }

    private static Readiness of(String name, boolean ok, String message, String remedy) {
        return new Readiness(name, ok, message, ok ? "" : remedy);
    }

    private Readiness privilege() {
        return of(
                "sysbackup",
                mayBackUp,
                mayBackUp ? "the account may back up" : "the account is refused as SYSBACKUP",
                "GRANT SYSBACKUP TO " + (user.isEmpty() ? "the account of the address" : user)
                        + "; the database needs a password file for it");
    }

    private Readiness root() {
        return of(
                "root_container",
                instance.inRoot(),
                "the session is " + (instance.inRoot() ? "of the whole database" : "of a pluggable database"),
                "name the service of the root (CDB$ROOT) in the address");
    }

    private Readiness logMode() {
        return of(
                "log_mode",
                instance.archives(),
                instance.archives() ? "the log is archived" : "the database overwrites its log (NOARCHIVELOG)",
                "SHUTDOWN IMMEDIATE; STARTUP MOUNT; ALTER DATABASE ARCHIVELOG; ALTER DATABASE OPEN;");
    }

    private Readiness role() {
        boolean standby = instance.role().equals("PHYSICAL STANDBY");
        boolean rman = settings.isByRman();
        return of(
                "role",
                instance.isPrimary() || standby && rman && settings.allowStandby(),
                "the database is " + instance.role(),
                rman
                        ? "back up the primary, or set allowStandby for a physical standby"
                        : "back up the primary, or the standby in mode rman: backup mode is the primary's");
    }

    private Readiness forceLogging() {
        boolean forced = instance.forcesLogging();
        return of(
                "force_logging",
                forced || settings.allowNoLogging(),
                forced ? "every change is logged" : "changes with NOLOGGING are in no log and lost by a recovery",
                "ALTER DATABASE FORCE LOGGING; or set allowNoLogging");
    }

    /** A restore by logs alone, over such a change, loses its blocks without a word. */
    private Readiness unrecoverable() {
        boolean log = settings.kind() == Settings.Kind.LOG;
        long files = session.number(
                "unlogged changes",
                deadline,
                "SELECT COUNT(*) FROM v$datafile f WHERE f.unrecoverable_change# > NVL((SELECT"
                        + " MAX(b.checkpoint_change#) FROM v$backup_datafile b WHERE b.file# = f.file#), 0)");
        return of(
                "unrecoverable",
                files == 0 || !log,
                files + " data files have changes since their last backup that no log holds",
                "take a backup of kind differential or full before the next of kind log");
    }

    private Readiness folder() {
        Path folder = settings.folder();
        boolean there = Files.isDirectory(folder) && Files.isReadable(folder) && Files.isWritable(folder);
        return of(
                "folder",
                there,
                there
                        ? "the folder is there"
                        : "the folder in which the server writes is not there, or not ours to use",
                "create it, owned by the server's account, readable and writable by ours");
    }

    /** A full destination stops the database: two more logs of every thread have to fit. */
    private Readiness archiveSpace() {
        List<Long> free = session.rows(
                "archive space",
                deadline,
                row -> row.getLong(1),
                "SELECT space_limit - space_used + space_reclaimable FROM v$recovery_file_dest WHERE space_limit > 0");
        long needed = 2
                * session.number("log size", deadline, "SELECT NVL(MAX(bytes), 0) FROM v$log")
                * Math.max(1, instance.threads().size());
        boolean fits = free.isEmpty() || free.getFirst() >= needed;
        return of(
                "archive_space",
                fits,
                free.isEmpty()
                        ? "no recovery area is used"
                        : free.getFirst() / (1 << 20) + " MiB are free in the recovery area, " + needed / (1 << 20)
                                + " MiB are needed",
                "ALTER SYSTEM SET DB_RECOVERY_FILE_DEST_SIZE = a larger size; or in RMAN: DELETE ARCHIVELOG ALL BACKED"
                        + " UP 1 TIMES TO DISK");
    }

    private Readiness destinations() {
        long broken = session.number(
                "destinations",
                deadline,
                "SELECT COUNT(*) FROM v$archive_dest WHERE status = 'ERROR' AND target IN ('PRIMARY', 'LOCAL')");
        return of(
                "archive_destination",
                broken == 0,
                broken + " destinations of archived logs fail",
                "mend the destination (V$ARCHIVE_DEST says why), then ALTER SYSTEM SET LOG_ARCHIVE_DEST_STATE_n ="
                        + " ENABLE");
    }

    /** Keys are never copied: without its wallet, kept elsewhere, an encrypted database cannot be restored. */
    private Readiness wallet() {
        long encrypted = session.number("encryption", deadline, "SELECT COUNT(*) FROM v$encrypted_tablespaces");
        boolean open = instance.wallet().status().startsWith("OPEN");
        return of(
                "wallet",
                encrypted == 0 || open,
                encrypted + " tablespaces are encrypted, the wallet is " + (open ? "open" : "not open"),
                "ADMINISTER KEY MANAGEMENT SET KEYSTORE OPEN IDENTIFIED BY ...; keep a copy of the wallet apart from"
                        + " the backups");
    }

    private Readiness backupMode() {
        int active = BackupMode.active(session, deadline).size();
        return of(
                "not_in_backup_mode",
                active == 0,
                active + " data files are in backup mode",
                "wait for the other backup, or where there is none: ALTER DATABASE END BACKUP");
    }

    private Readiness program() {
        boolean there = Files.isExecutable(settings.programs().resolve("bin/rman"));
        return of(
                "rman",
                there,
                there ? "RMAN is installed" : "there is no bin/rman in the folder of oracleHome",
                "set oracleHome to the Oracle home of this machine");
    }

    private Readiness tracking() {
        boolean differences = settings.mode() == Settings.Mode.IMAGE_COPIES
                || settings.kind() == Settings.Kind.DIFFERENTIAL
                || settings.kind() == Settings.Kind.CUMULATIVE;
        boolean matters = differences && !settings.allowFullReads();
        boolean enabled = !instance.tracking().isEmpty();
        // Differences since the newest backup need the newest bitmap alone.
        boolean counts = settings.kind() == Settings.Kind.CUMULATIVE;
        long since = !matters || !enabled || !counts
                ? 0
                : session.number(
                        "differences",
                        deadline,
                        "SELECT COUNT(DISTINCT b.checkpoint_change#) FROM v$backup_datafile b WHERE b.file# = 1 AND"
                                + " b.incremental_level = 1 AND b.checkpoint_change# > (SELECT"
                                + " NVL(MAX(c.checkpoint_change#), 0) FROM v$backup_datafile c WHERE c.file# = 1 AND"
                                + " c.incremental_level = 0)");
        return of(
                "change_tracking",
                !matters || enabled && since < TRACKED,
                enabled
                        ? since + " incremental backups since the last full one; tracking keeps " + TRACKED
                        : "changed blocks are not tracked, so RMAN reads all of them",
                enabled
                        ? "take a backup of kind full; or set allowFullReads"
                        : "ALTER DATABASE ENABLE BLOCK CHANGE TRACKING USING FILE '...'; or set allowFullReads");
    }

    private List<Readiness> snapshot(FileSystemSnapshots snapshots) {
        boolean files = instance.files().stream().allMatch(Instance.DataFile::isOnFileSystem);
        if (!files) {
            return List.of(of("file_system", false, "data files are in ASM or on raw devices", "use mode rman"));
        }
        boolean timed = settings.mode() == Settings.Mode.SNAPSHOT_TIME;
        var ability = snapshots.probe(instance.folders());
        boolean enough = ability.isPossible() && (!timed || ability.atomic());
        return List.of(
                of("file_system", true, instance.files().size() + " data files", ""),
                of(
                        "snapshot",
                        enough,
                        !ability.isPossible()
                                ? ability.why()
                                : enough ? ability.kind() : "the folders cannot be snapshot as of one instant",
                        timed && ability.isPossible()
                                ? "put the data files on one volume, or use mode backup-mode"
                                : "put the data files on LVM, ZFS or Btrfs, or use mode rman"),
                of(
                        "edition",
                        !timed || instance.edition().contains("Enterprise"),
                        instance.edition(),
                        "SNAPSHOT TIME belongs to Enterprise Edition: use mode backup-mode"));
    }
}
