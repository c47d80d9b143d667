package org.medbackup.app.sqlserver;

import java.util.List;

/**
 * The statements that bring databases back, as a script that an administrator runs (Microsoft's documentation, "RESTORE
 * (Transact-SQL)").
 */
public final class RestoreScript {

    private RestoreScript() {}

    /**
     * A backup to restore from.
     *
     * @param database its name there
     * @param file where the backup lies for the server
     * @param kind {@code full}, {@code differential}, {@code log} or {@code snapshot}
     */
    public record Part(String database, String file, String kind) {

        String device() {
            return (file.startsWith("s3://") ? "URL = " : "DISK = ") + Sql.text(file);
        }

        public boolean isSnapshot() {
            return kind.equals("snapshot");
        }

        /** What {@code RESTORE FILELISTONLY} is asked for. */
        public String files() {
            return "RESTORE FILELISTONLY FROM " + device()
                    + (isSnapshot() ? " WITH METADATA_ONLY, DBNAME = " + Sql.text(database) : "");
        }
    }

    /**
     * Where one file goes.
     *
     * @param logicalName in the database
     * @param path on the server's machine
     */
    public record Move(String logicalName, String path) {}

    /** Restores one backup under a name. */
    public static String restore(Part part, String as, List<Move> moves, boolean recover) {
        var statement = new StringBuilder("RESTORE ")
                .append(part.kind().equals("log") ? "LOG " : "DATABASE ")
                .append(Sql.name(as))
                .append(" FROM ")
                .append(part.device())
                .append(" WITH ")
                .append(part.isSnapshot() ? "METADATA_ONLY, DBNAME = " + Sql.text(part.database()) : "CHECKSUM");
        for (Move each : moves) {
            statement
                    .append(", MOVE ")
                    .append(Sql.text(each.logicalName()))
                    .append(" TO ")
                    .append(Sql.text(each.path()));
        }
        return statement.append(recover ? ", RECOVERY" : ", NORECOVERY").toString();
    }

    /** The whole script for the databases of one restore point. */
    static String of(List<Part> parts) {
        var script = new StringBuilder("""
                -- Written by MedBackup. Before a database is overwritten, save the end of its log:
                --   BACKUP LOG [name] TO DISK = N'...' WITH NORECOVERY
                """);
        for (Part each : parts) {
            boolean alone = each.kind().equals("full") || each.isSnapshot();
            if (each.isSnapshot()) {
                script.append("-- Put the files of ")
                        .append(Sql.name(each.database()))
                        .append(" in their places first.\n");
            } else if (!alone) {
                script.append("-- After the full backup (and what follows it) was restored WITH NORECOVERY:\n");
            }
            script.append(restore(each, each.database(), List.of(), alone)).append(";\n");
            if (!alone) {
                script.append("-- When nothing follows: RESTORE DATABASE ")
                        .append(Sql.name(each.database()))
                        .append(" WITH RECOVERY;\n");
            }
        }
        return script.toString();
    }
}
