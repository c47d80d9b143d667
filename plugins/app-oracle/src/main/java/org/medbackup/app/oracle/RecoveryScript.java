package org.medbackup.app.oracle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The statements that bring a database back: as a script in each restore point, for an administrator, and for a sandbox
 * instance ("Backup and Recovery Reference", RESTORE, RECOVER, CATALOG, CHANGE; "SQL Language Reference", ALTER DATABASE,
 * full_database_recovery).
 */
public final class RecoveryScript {

    /** How archived logs are named in a restore point, as {@code LOG_ARCHIVE_FORMAT} writes it. */
    public static final String LOG_FORMAT = "%t_%s_%r.arc";

    static final String DATE_FORMAT = "YYYY-MM-DD:HH24:MI:SS";

    private static final String ASM = "+";

    static final String BY_THE_SYSTEM = "CONNECT TARGET \"/ AS SYSBACKUP\"\n";

    private RecoveryScript() {}

    /**
     * An instance beside the real one.
     *
     * @param at where a path of the restore point lies now
     * @param scratch takes what the instance writes
     * @param until SCN of the first change that is not wanted
     */
    public record Sandbox(UnaryOperator<String> at, Path scratch, String until) {

        Path parameters() {
            return scratch.resolve("init.ora");
        }

        String in(String kind, String file) {
            return scratch.resolve(kind + Path.of(file).getFileName()).toString();
        }
    }

    /**
     * Parameters of a sandbox instance: a name of its own, no jobs, no archive of the real one, nothing that listens.
     *
     * @param facts what the manifest says of the database
     */
    public static String parameters(Map<String, String> facts, Sandbox sandbox, String sid) {
        var lines = new ArrayList<>(List.of(
                "db_name=" + facts.getOrDefault("db_name", ""),
                "db_unique_name=" + sid,
                "instance_name=" + sid,
                "control_files=" + Sql.path(controlFile(sandbox)),
                "compatible=" + facts.getOrDefault("compatible", ""),
                "log_archive_dest_1='LOCATION=" + sandbox.scratch() + "'",
                "log_archive_format=" + LOG_FORMAT,
                "diagnostic_dest=" + Sql.path(sandbox.scratch()),
                "job_queue_processes=0",
                "remote_login_passwordfile=NONE",
                "audit_trail=NONE",
                "sga_target=1G",
                "processes=200"));
        if ("true".equals(facts.get("multitenant"))) {
            lines.add("enable_pluggable_database=TRUE");
        }
        return String.join("\n", lines) + "\n";
    }

    private static Path controlFile(Sandbox sandbox) {
        return sandbox.scratch().resolve("control.ctl");
    }

    /** For SQL*Plus, on the machine of the database itself. */
    static String ofSnapshot(Map<String, String> facts) {
        return """
            -- Written by MedBackup. Put the data files in their places, and the control file into every place that
            -- CONTROL_FILES names. LOG_ARCHIVE_FORMAT has to be %s. Then: sqlplus / as sysbackup @this
            WHENEVER SQLERROR EXIT FAILURE
            STARTUP MOUNT
            """.formatted(LOG_FORMAT) + recovery(facts, each -> each, until(facts));
    }

    /** For SQL*Plus, in a sandbox. The copy of the control file that it opens lies in the scratch folder. */
    public static String ofSnapshot(Map<String, String> facts, Sandbox sandbox) {
        var script = new StringBuilder("WHENEVER SQLERROR EXIT FAILURE\nCONNECT / AS SYSBACKUP\nSTARTUP NOMOUNT PFILE=")
                .append(Sql.path(sandbox.parameters()))
                .append("\nALTER DATABASE MOUNT;\n");
        all(facts, "data.")
                .forEach(each -> script.append(rename(each, sandbox.at().apply(each))));
        return script.append(untracked(facts))
                .append(elsewhere(facts, sandbox))
                .append(recovery(facts, sandbox.at(), sandbox.until()))
                .toString();
    }

    private static String recovery(Map<String, String> facts, UnaryOperator<String> at, String until) {
        String snapshotTime = facts.getOrDefault("snapshot_time", "");
        return "ALTER SESSION SET NLS_DATE_FORMAT = '" + DATE_FORMAT + "';\n"
                + "ALTER DATABASE RECOVER AUTOMATIC FROM "
                + Sql.path(at.apply(facts.getOrDefault("logs", "")))
                + " DATABASE UNTIL CHANGE " + until + " USING BACKUP CONTROLFILE"
                + (snapshotTime.isEmpty() ? "" : " SNAPSHOT TIME " + Sql.text(snapshotTime))
                + ";\nALTER DATABASE OPEN RESETLOGS;\nEXIT\n";
    }

    /** Whether it is RMAN that brings the database back, and not SQL*Plus. */
    public static boolean isByRman(Map<String, String> facts) {
        String mode = facts.getOrDefault("mode", "");
        return mode.equals("rman") || isOfCopies(facts);
    }

    private static boolean isOfCopies(Map<String, String> facts) {
        return "image-copies".equals(facts.get("mode"));
    }

    /** For RMAN, on the machine of the database itself. */
    static String byRman(Map<String, String> facts) {
        String folder = facts.getOrDefault("folder", "");
        String from = isOfCopies(facts) ? " FROM TAG " + Sql.text(facts.getOrDefault("copies_tag", "")) : "";
        String atOnce = """
            # Where there is no time to copy the data files back: SWITCH DATABASE TO COPY in place of RUN, SET UNTIL
            # and RESTORE, then RECOVER DATABASE UNTIL SCN. The database then lives in this folder.
            """;
        return """
                # Written by MedBackup. Put the files back into their folder. Where the parameters are lost too, restore
                # them first: RESTORE SPFILE FROM the piece of the control file. Then: rman target / @this
                """
                + (isOfCopies(facts) ? atOnce : "")
                + "STARTUP FORCE NOMOUNT;\n"
                + mounted(facts, each -> each) + "CATALOG START WITH " + Sql.path(Names.ofAll(Path.of(folder)))
                + " NOPROMPT;\nRUN {\nSET UNTIL SCN " + until(facts)
                + ";\nRESTORE DATABASE" + from + ";\nRECOVER DATABASE;\n}\nALTER DATABASE OPEN RESETLOGS;\n";
    }

    /** For RMAN, in a sandbox. */
    public static String byRman(Map<String, String> facts, Sandbox sandbox) {
        String folder = Names.ofAll(Path.of(facts.getOrDefault("folder", "")));
        var script = new StringBuilder(BY_THE_SYSTEM)
                .append("STARTUP FORCE NOMOUNT PFILE=")
                .append(Sql.path(sandbox.parameters()))
                .append(";\n")
                .append(mounted(facts, sandbox.at()));
        if (!sandbox.at().apply(folder).equals(folder)) {
            // Of the pieces' old places, but its own, the control file knows; what lies there is not what was restored.
            all(facts, "piece.").stream()
                    .filter(each -> !each.equals(facts.get("control_file")))
                    .forEach(each -> script.append("CHANGE BACKUPPIECE ")
                            .append(Sql.path(each))
                            .append(" UNCATALOG;\n"));
        }
        script.append("CATALOG START WITH ")
                .append(Sql.path(sandbox.at().apply(folder)))
                .append(" NOPROMPT;\n")
                .append(untracked(facts))
                .append(elsewhere(facts, sandbox))
                .append("RUN {\n");
        return script.append(isOfCopies(facts) ? fromCopies(facts, sandbox) : fromPieces(facts, sandbox))
                .append("RECOVER DATABASE;\n}\nALTER DATABASE OPEN RESETLOGS;\nEXIT;\n")
                .toString();
    }

    private static String fromPieces(Map<String, String> facts, Sandbox sandbox) {
        var script = new StringBuilder();
        numbered(
                facts,
                "data.",
                (number, file) -> script.append("SET NEWNAME FOR DATAFILE ")
                        .append(number)
                        .append(" TO ")
                        .append(Sql.path(sandbox.in("data." + number + "-", file)))
                        .append(";\n"));
        return script + "SET UNTIL SCN " + sandbox.until() + ";\nRESTORE DATABASE;\nSWITCH DATAFILE ALL;\n";
    }

    /** Each by its name: the control file knows the real database's copies too, and those must not be written. */
    private static String fromCopies(Map<String, String> facts, Sandbox sandbox) {
        var script = new StringBuilder();
        numbered(
                facts,
                "copy.",
                (number, copy) -> script.append("SWITCH DATAFILE ")
                        .append(number)
                        .append(" TO DATAFILECOPY ")
                        .append(Sql.path(sandbox.at().apply(copy)))
                        .append(";\n"));
        return script + "SET UNTIL SCN " + sandbox.until() + ";\n";
    }

    private static void numbered(Map<String, String> facts, String begin, BiConsumer<String, String> each) {
        new TreeMap<>(facts).forEach((name, value) -> {
            if (name.startsWith(begin)) {
                each.accept(name.substring(begin.length()), value);
            }
        });
    }

    private static String mounted(Map<String, String> facts, UnaryOperator<String> at) {
        return "RESTORE CONTROLFILE FROM " + Sql.path(at.apply(facts.getOrDefault("control_file", "")))
                + ";\nALTER DATABASE MOUNT;\n";
    }

    /** The control file names the real database's online logs: opening would write into them. */
    private static String elsewhere(Map<String, String> facts, Sandbox sandbox) {
        var script = new StringBuilder();
        for (String kind : List.of("redo.", "temporary.")) {
            facts.keySet().stream()
                    .filter(each -> each.startsWith(kind))
                    .sorted()
                    .forEach(each -> {
                        String file = facts.getOrDefault(each, "");
                        script.append(rename(file, sandbox.in(each + "-", file)));
                    });
        }
        return script.toString();
    }

    private static String untracked(Map<String, String> facts) {
        return facts.getOrDefault("tracking", "").isEmpty() ? "" : "ALTER DATABASE DISABLE BLOCK CHANGE TRACKING;\n";
    }

    /**
     * Whether a sandbox on this machine could harm the real database: renaming a file that Oracle manages deletes it, and so
     * does ending the tracking of changed blocks ("Database Administrator's Guide", behaviour of Oracle-managed files).
     */
    public static boolean endangers(Map<String, String> facts, UnaryOperator<String> at) {
        String tracking = facts.getOrDefault("tracking", "");
        return isReachable(tracking)
                || Stream.of("data.", "redo.", "temporary.")
                        .flatMap(kind -> all(facts, kind).stream())
                        .filter(each -> !at.apply(each).equals(each))
                        .anyMatch(each -> isManaged(each) && isReachable(each));
    }

    /** Whether what was restored lies where RMAN keeps its image copies: a sandbox would write into those. */
    public static boolean areLive(Map<String, String> facts, UnaryOperator<String> at) {
        return all(facts, "copy.").stream().anyMatch(each -> at.apply(each).equals(each));
    }

    private static boolean isManaged(String file) {
        return file.startsWith(ASM) || file.substring(file.lastIndexOf('/') + 1).startsWith("o1_mf_");
    }

    /** Whether a disk group of ASM is reachable cannot be told from here. */
    private static boolean isReachable(String file) {
        return file.startsWith(ASM) || !file.isEmpty() && Files.exists(Path.of(file));
    }

    private static String rename(String from, String to) {
        return from.equals(to) ? "" : "ALTER DATABASE RENAME FILE " + Sql.path(from) + " TO " + Sql.path(to) + ";\n";
    }

    private static List<String> all(Map<String, String> facts, String begin) {
        return facts.entrySet().stream()
                .filter(each -> each.getKey().startsWith(begin))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
    }

    /** The SCN of the first change that the backup does not hold. */
    public static String until(Map<String, String> facts) {
        return Long.toString(Long.parseLong(facts.getOrDefault("last_scn", "0")) + 1);
    }

    /** Looks for corrupt blocks in an open sandbox, and says how many there are. */
    public static String validation() {
        return BY_THE_SYSTEM
                + "VALIDATE CHECK LOGICAL DATABASE;\n"
                + "SELECT 'MEDBACKUP_CORRUPT=' || COUNT(*) FROM v$database_block_corruption;\nEXIT;\n";
    }

    /** Ends a sandbox instance, whatever it does. */
    public static String shutdown() {
        return BY_THE_SYSTEM + "SHUTDOWN ABORT;\nEXIT;\n";
    }
}
