package org.medbackup.app.sqlserver;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.medbackup.core.Deadline;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/** What has to hold before a server is backed up, each with the act that mends it. */
record Checks(Session session, Instance instance, Settings settings, Deadline deadline) {

    List<Readiness> run(FileSystemSnapshots snapshots) {
        List<Instance.Database> chosen = instance.chosen(settings.databases());
        List<Readiness> found = new ArrayList<>();
        found.add(databases(chosen));
        found.add(folder());
        found.add(preferred(chosen));
        found.add(certificates(chosen));
        if (settings.mode() == Settings.Mode.SNAPSHOT) {
            found.addAll(snapshot(chosen, snapshots));
        } else if (settings.kind() != Settings.Kind.FULL) {
            found.add(base(chosen));
            found.add(models(chosen));
        }
        return List.copyOf(found);
    }

    private static Readiness of(String name, boolean ok, String message, String remedy) {
        return new Readiness(name, ok, message, ok ? "" : remedy);
    }

    private Readiness databases(List<Instance.Database> chosen) {
        var missing = new TreeSet<>(settings.databases());
        chosen.forEach(each -> missing.remove(each.name()));
        return of(
                "databases",
                missing.isEmpty() && !chosen.isEmpty(),
                chosen.size() + " databases are chosen, " + missing.size()
                        + " of the named ones are not there or of the system",
                "correct the option databases; databases of the system are not suspended and not part of a group");
    }

    private Readiness folder() {
        Path folder = settings.folder();
        return of(
                "folder",
                folder == null || Files.isDirectory(folder) && Files.isReadable(folder),
                folder == null ? "no folder is used" : "the folder in which the server writes can be read here",
                "create it, owned by the server's account and readable by ours");
    }

    /** Microsoft's documentation, "sys.fn_hadr_backup_is_preferred_replica". */
    private Readiness preferred(List<Instance.Database> chosen) {
        List<String> elsewhere = chosen.stream()
                .filter(Instance.Database::inGroup)
                .map(Instance.Database::name)
                .filter(each -> !isPreferred(each))
                .toList();
        return of(
                "preferred_replica",
                elsewhere.isEmpty(),
                elsewhere.size() + " databases are to be backed up on another replica",
                "back up the replica that the availability group prefers, or change its backup preference");
    }

    private boolean isPreferred(String database) {
        return session.rows(
                        "replica",
                        deadline,
                        row -> row.getBoolean(1),
                        "SELECT sys.fn_hadr_backup_is_preferred_replica(" + Sql.text(database) + ")")
                .getFirst();
    }

    /** Without its certificate a backup of an encrypted database cannot be restored anywhere. */
    private Readiness certificates(List<Instance.Database> chosen) {
        boolean encrypted = chosen.stream().anyMatch(Instance.Database::encrypted);
        int unsaved = !encrypted
                ? 0
                : session.rows(
                                "certificates",
                                deadline,
                                row -> row.getString(1),
                                "SELECT DISTINCT c.name FROM sys.dm_database_encryption_keys k JOIN master.sys.certificates c"
                                        + " ON c.thumbprint = k.encryptor_thumbprint WHERE c.pvt_key_last_backup_date IS NULL")
                        .size();
        return of(
                "certificates",
                unsaved == 0,
                unsaved + " certificates of encrypted databases were never backed up",
                "BACKUP CERTIFICATE name TO FILE = '...' WITH PRIVATE KEY (...), and keep it apart from the backups");
    }

    private List<Readiness> snapshot(List<Instance.Database> chosen, FileSystemSnapshots snapshots) {
        var ability = snapshots.probe(instance.foldersOf(chosen));
        return List.of(
                of(
                        "version",
                        instance.hasSnapshotBackups(),
                        "the server is of version " + instance.version(),
                        "use SQL Server 2022 or later, or mode streaming"),
                of(
                        "snapshot",
                        ability.isPossible(),
                        ability.isPossible() ? "the folders of the databases can be snapshot" : ability.why(),
                        "put data and log files on LVM or Btrfs, or use mode streaming"),
                of(
                        "not_suspended",
                        Suspension.suspended(session, deadline).isEmpty(),
                        "no database is suspended for another snapshot",
                        "wait for the other backup, or ALTER DATABASE name SET SUSPEND_FOR_SNAPSHOT_BACKUP = OFF"),
                of(
                        "no_group_member",
                        chosen.stream().noneMatch(Instance.Database::inGroup),
                        "no database is in an availability group",
                        "use mode streaming: whether members of a group can be suspended is not documented"));
    }

    /** A differential on somebody else's full backup could not be restored from what we have. */
    private Readiness base(List<Instance.Database> chosen) {
        long foreign = chosen.stream()
                .map(each -> History.base(session, each.name(), deadline))
                .filter(base -> base == null || !base.isOurs())
                .count();
        return of(
                "chain",
                foreign == 0,
                foreign + " databases have a newest full backup that is not ours, or none",
                "take a full backup with ownsChain, and let no other product take full backups that are not COPY_ONLY");
    }

    private Readiness models(List<Instance.Database> chosen) {
        boolean log = settings.kind() == Settings.Kind.LOG;
        long simple = chosen.stream()
                .filter(each -> log && each.recovery().equals("SIMPLE"))
                .count();
        return of(
                "recovery_model",
                simple == 0,
                simple + " databases keep no log",
                "ALTER DATABASE name SET RECOVERY FULL, then take a full backup");
    }
}
