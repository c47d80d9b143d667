package org.medbackup.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.medbackup.core.process.Processes;
import org.medbackup.postgres.PostgresInstallation;

/**
 * Clients that move money as TPC-B has it: every transaction changes an account, a teller and a branch by the same amount
 * and writes it down, so that four sums are always equal.
 */
final class Pgbench implements AutoCloseable {

    private static final Pattern PROGRESS = Pattern.compile("^progress: [0-9.]+ s, ([0-9.]+) tps");

    private final Process process;
    private final Path log;

    private Pgbench(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Makes the tables, with 100 000 accounts for each unit of scale. */
    static void init(Database database, int scale) {
        Process made = start(database, List.of("--initialize", "--quiet", "--scale=" + scale));
        try {
            if (made.waitFor() != 0) {
                throw new AssertionError("pgbench could not make its tables");
            }
        } catch (InterruptedException interrupted) {
            made.destroy();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Clients that work until they are closed.
     *
     * @param rate transactions a second, 0 for as many as there can be
     */
    static Pgbench run(Database database, int clients, int rate) {
        List<String> options = new ArrayList<>(List.of(
                "--no-vacuum", "--client=" + clients, "--jobs=2", "--time=3600", "--progress=1", "--random-seed=4711"));
        if (rate > 0) {
            options.add("--rate=" + rate);
        }
        return new Pgbench(start(database, options), database.folder.resolve("pgbench.log"));
    }

    /** How many transactions there were in each second so far; the last may be missing. */
    List<Long> perSecond() {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(PROGRESS::matcher)
                    .filter(Matcher::find)
                    .map(found -> Math.round(Double.parseDouble(found.group(1))))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Process start(Database database, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(program(database.installation()).toString());
        command.addAll(options);
        command.addAll(List.of("--host=127.0.0.1", "--port=" + database.port(), "--username=postgres", "postgres"));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(database.folder.resolve("pgbench.log").toFile());
        builder.environment().put("PGPASSWORD", database.password());
        try {
            return builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The server's own; the one that ships with the product has none, and any other serves. */
    private static Path program(PostgresInstallation installation) {
        return installation
                .tool("pgbench")
                .orElseGet(() -> PostgresInstallation.installed(Processes.system()).stream()
                        .flatMap(each -> each.tool("pgbench").stream())
                        .findFirst()
                        .orElseThrow());
    }

    boolean isRunning() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
