package org.medbackup.app.sqlserver;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.medbackup.core.Deadline;
import org.medbackup.core.spi.app.Application.Discovery;

/**
 * What a server says of itself and its databases.
 *
 * @param version such as {@code 16.0.4085.2}
 * @param server its name
 * @param databases all that are online and none of a snapshot, those of the system among them
 * @param files of all databases
 */
record Instance(String version, String server, List<Database> databases, List<DataFile> files) {

    /** What cannot be suspended; {@code tempdb} cannot be backed up at all. */
    static final Set<String> OF_THE_SYSTEM = Set.of("master", "model", "msdb", "tempdb");

    private static final int WITH_SNAPSHOTS = 16;

    /**
     * One database.
     *
     * @param recovery {@code FULL}, {@code BULK_LOGGED} or {@code SIMPLE}
     * @param encrypted whether its files are (TDE)
     * @param inGroup whether it belongs to an availability group
     */
    record Database(String name, String recovery, boolean encrypted, boolean inGroup) {

        boolean isOfUsers() {
            return !OF_THE_SYSTEM.contains(name);
        }
    }

    /** One file of a database. */
    record DataFile(String database, String logicalName, Path path) {}

    static Instance ask(Session session, Deadline deadline) {
        List<String> server = session.rows(
                        "server",
                        deadline,
                        row -> List.of(row.getString(1), row.getString(2)),
                        "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)),"
                                + " CAST(SERVERPROPERTY('ServerName') AS nvarchar(128))")
                .getFirst();
        List<Database> databases = session.rows(
                "databases",
                deadline,
                row -> new Database(row.getString(1), row.getString(2), row.getBoolean(3), row.getString(4) != null),
                "SELECT name, recovery_model_desc, is_encrypted, CAST(replica_id AS nvarchar(36)) FROM sys.databases"
                        + " WHERE state = 0 AND source_database_id IS NULL ORDER BY name");
        List<DataFile> files = session.rows(
                "files",
                deadline,
                row -> new DataFile(row.getString(1), row.getString(2), Path.of(row.getString(3))),
                "SELECT DB_NAME(database_id), name, physical_name FROM sys.master_files ORDER BY database_id, file_id");
        return new Instance(server.get(0), server.get(1), databases, files);
    }

    int major() {
        return Integer.parseInt(version.substring(0, version.indexOf('.')));
    }

    boolean hasSnapshotBackups() {
        return major() >= WITH_SNAPSHOTS;
    }

    /** Those that a backup of users' databases is of. */
    List<Database> chosen(List<String> names) {
        return databases.stream()
                .filter(Database::isOfUsers)
                .filter(each -> names.isEmpty() || names.contains(each.name()))
                .toList();
    }

    List<DataFile> filesOf(List<Database> chosen) {
        List<String> names = chosen.stream().map(Database::name).toList();
        return files.stream().filter(each -> names.contains(each.database())).toList();
    }

    List<Path> foldersOf(List<Database> chosen) {
        return filesOf(chosen).stream()
                .map(each -> each.path().getParent())
                .distinct()
                .sorted()
                .toList();
    }

    Discovery discovery(Settings settings, List<Database> chosen) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("mode", Settings.label(settings.mode()));
        facts.put("kind", Settings.label(settings.kind()));
        facts.put("sandbox", settings.sandbox());
        for (int i = 0; i < chosen.size(); i++) {
            facts.put("database." + i, chosen.get(i).name());
        }
        return new Discovery(version, server, facts);
    }
}
