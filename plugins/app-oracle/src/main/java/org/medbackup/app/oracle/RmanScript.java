package org.medbackup.app.oracle;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/**
 * What RMAN is told of the real database ("Backup and Recovery Reference", CONNECT, BACKUP, VALIDATE, DELETE). Nothing of
 * its lasting configuration is changed.
 *
 * @param connection of the first line
 * @param names of this run
 * @param channels how many
 */
record RmanScript(String connection, Names names, int channels) {

    /** By the operating system where an instance is named, else by the address. */
    static RmanScript of(DriverSource source, Settings settings, Names names) {
        String connection = settings.sid().isEmpty()
                ? "CONNECT TARGET '" + account(source) + " AS SYSBACKUP'\n"
                : RecoveryScript.BY_THE_SYSTEM;
        return new RmanScript(connection, names, settings.channels());
    }

    private static String account(DriverSource source) {
        OracleAddress address = source.address();
        return address.user() + "/" + quoted(source.secretText()) + "@" + address.connectIdentifier();
    }

    private static String quoted(@Nullable String password) {
        if (password == null) {
            return "";
        }
        if (password.chars().anyMatch(each -> each == '"' || each == '\'' || each < ' ')) {
            throw ErrorCode.USAGE.because("RMAN takes no password with quotation marks or control characters");
        }
        return '"' + password + '"';
    }

    private String run(String commands) {
        String format = Sql.path(names.folder().resolve(names.file() + "%U").toString());
        String allocated = IntStream.rangeClosed(1, channels)
                .mapToObj(each -> "ALLOCATE CHANNEL mb" + each + " DEVICE TYPE DISK FORMAT " + format + ";\n")
                .collect(Collectors.joining());
        return connection + "RUN {\n" + allocated + commands + "}\nEXIT;\n";
    }

    /** Each data file in a set of its own: what did not change is the same bytes again. */
    String database(int level, boolean cumulative) {
        return run("BACKUP AS BACKUPSET INCREMENTAL LEVEL " + level + (level == 1 && cumulative ? " CUMULATIVE" : "")
                + " CHECK LOGICAL FILESPERSET 1 TAG '" + names.tag() + "' DATABASE;\n");
    }

    /** The control file comes last: it knows of all the rest. */
    String logs(long from, boolean parameters) {
        String tag = " TAG '" + names.tag() + "'";
        return run("BACKUP AS BACKUPSET" + tag + " ARCHIVELOG FROM SCN " + from + ";\n"
                + (parameters ? "BACKUP AS BACKUPSET" + tag + " SPFILE;\n" : "")
                + "BACKUP AS BACKUPSET" + tag + " CURRENT CONTROLFILE;\n");
    }

    /** Differences from what the image copies hold; a file of which there is none gets one. */
    String increments() {
        return run("BACKUP INCREMENTAL LEVEL 1 CHECK LOGICAL FOR RECOVER OF COPY WITH TAG '" + names.tag()
                + "' DATABASE;\n");
    }

    /** Applies these differences to the copies, in place. */
    String recoveryOfCopies() {
        return run("RECOVER COPY OF DATABASE WITH TAG '" + names.tag() + "';\n");
    }

    /** So many at once as there are channels: RMAN says nothing before it is through with one command. */
    String validationOfCopies(List<String> copies) {
        return run(IntStream.iterate(0, each -> each < copies.size(), each -> each + channels)
                .mapToObj(each -> "VALIDATE CHECK LOGICAL DATAFILECOPY "
                        + quoted(copies.subList(each, Math.min(copies.size(), each + channels))) + ";\n")
                .collect(Collectors.joining()));
    }

    /** Also where the files are gone already. */
    String deletionOfCopies(List<String> copies) {
        return connection + "DELETE FORCE NOPROMPT DATAFILECOPY " + quoted(copies) + ";\nEXIT;\n";
    }

    private static String quoted(List<String> paths) {
        return paths.stream().map(Sql::path).collect(Collectors.joining(", "));
    }

    String validation(Collection<String> sets) {
        return run("VALIDATE CHECK LOGICAL BACKUPSET " + String.join(", ", sets) + ";\n");
    }

    String deletion(Collection<String> sets) {
        return connection + "DELETE NOPROMPT BACKUPSET " + String.join(", ", sets) + ";\nEXIT;\n";
    }

    /** Without the connection, which may hold a password. */
    @Override
    public String toString() {
        return "RmanScript[" + names.tag() + "]";
    }
}
