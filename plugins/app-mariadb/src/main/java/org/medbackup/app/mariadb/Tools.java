package org.medbackup.app.mariadb;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/** Programs of MariaDB on this machine, by the names that they have had over the versions. */
final class Tools {

    static final List<String> BACKUP = List.of("mariadb-backup", "mariabackup");
    static final List<String> BINLOG = List.of("mariadb-binlog", "mysqlbinlog");
    static final List<String> CLIENT = List.of("mariadb", "mysql");
    static final List<String> SERVER = List.of("mariadbd", "mysqld");

    private static final List<String> FOLDERS = List.of(
            "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/usr/libexec", "/usr/local/mysql/bin");
    private static final Pattern VERSION = Pattern.compile("(\\d+\\.\\d+)\\.\\d+-MariaDB");

    private Tools() {}

    /** The first that is installed, or null. */
    static @Nullable Path find(List<String> names) {
        for (String name : names) {
            for (String folder : FOLDERS) {
                Path program = Path.of(folder, name);
                if (Files.isExecutable(program)) {
                    return program;
                }
            }
        }
        return null;
    }

    /** @throws org.medbackup.core.error.FailedException with {@link ErrorCode#APPLICATION_PROGRAM_MISSING} */
    static Path require(List<String> names) {
        Path program = find(names);
        if (program == null) {
            throw ErrorCode.APPLICATION_PROGRAM_MISSING
                    .because("a program of MariaDB is missing")
                    .with("program", names.getFirst());
        }
        return program;
    }

    /** Major and minor version of a program; {@code unknown} where it does not tell. */
    static String series(Path program, Processes processes) {
        Completed said = processes.run(Command.of(program.toString(), "--version"));
        Matcher version = VERSION.matcher(said.output() + said.errors());
        return version.find() ? version.group(1) : "unknown";
    }
}
