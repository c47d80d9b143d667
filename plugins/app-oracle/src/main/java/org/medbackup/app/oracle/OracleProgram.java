package org.medbackup.app.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes.Piped;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;

/**
 * Runs RMAN and SQL*Plus. A script goes in by the standard input, so that no password is an argument or a file. Nothing that
 * the programs say is passed on but the codes of errors. Safe for use by several threads.
 *
 * @param outside the ports it works through
 * @param home the folder of Oracle's programs
 * @param sid the instance that "/" means
 * @param silence a program that says nothing and makes no progress for this long is killed
 */
public record OracleProgram(Outside outside, Path home, String sid, Duration silence) {

    /** Stands in the answers of a script that found corrupt blocks: of those VALIDATE speaks without a code. */
    static final String DAMAGE = "DAMAGE";

    private static final String DAMAGED = "found one or more corrupt blocks";
    private static final Pattern ANSWER = Pattern.compile("MEDBACKUP_([A-Z]+)=(\\d+)");
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LEFT_OPEN = Duration.ofSeconds(10);
    private static final int CODES = 20;

    /** Which of them. */
    public enum Kind {
        RMAN,
        SQLPLUS;

        String file() {
            return name().toLowerCase(Locale.ROOT);
        }

        List<String> options() {
            return this == SQLPLUS ? List.of("-S", "-L", "/nolog") : List.of();
        }
    }

    /** Where a program of this kind is. */
    public Path file(Kind kind) {
        return home.resolve("bin").resolve(kind.file());
    }

    /**
     * Runs a script to its end.
     *
     * @param step for the context of a failure
     * @param progress a number that changes while the program works, even when it says nothing
     * @return what the script's queries gave as {@code MEDBACKUP_NAME=number}, and {@link #DAMAGE}
     * @throws BackupException unless the program ended with 0 and named no error; a failure of either alone counts
     */
    public Map<String, String> run(Kind kind, String step, String script, LongSupplier progress) {
        if (!Files.isExecutable(file(kind))) {
            throw ErrorCode.APPLICATION_PROGRAM_MISSING.because(
                    "there is no " + kind.file() + " in the folder bin of the Oracle home that is configured");
        }
        var heard = new Heard();
        try (Piped running = outside.processes().pipe(command(kind))) {
            Thread reader = Thread.ofVirtual().start(() -> heard.read(running.output()));
            tell(running, script);
            await(running, heard, progress, step);
            var _ = reader.join(LEFT_OPEN);
            heard.requireSuccess(running.exitCode(), step);
            return heard.answers();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while a program of Oracle ran", interrupted);
        }
    }

    private Command command(Kind kind) {
        List<String> words = new ArrayList<>(List.of(file(kind).toString()));
        words.addAll(kind.options());
        return Command.of(words)
                .withOnly(Map.of(
                        "ORACLE_HOME",
                        home.toString(),
                        "ORACLE_SID",
                        sid,
                        "PATH",
                        home.resolve("bin") + ":/usr/local/bin:/usr/bin:/bin",
                        "LD_LIBRARY_PATH",
                        home.resolve("lib").toString(),
                        "NLS_LANG",
                        "AMERICAN_AMERICA.AL32UTF8",
                        "NLS_DATE_FORMAT",
                        RecoveryScript.DATE_FORMAT,
                        "LC_ALL",
                        "C.UTF-8"));
    }

    private static void tell(Piped running, String script) {
        try (OutputStream input = running.input()) {
            input.write(script.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ended) {
            // It has ended before it has read all: its exit code and what it said tell why.
            return;
        }
    }

    private void await(Piped running, Heard heard, LongSupplier progress, String step) {
        long seen = -1;
        long since = outside.time().nanos();
        while (!running.await(silence.compareTo(LOOK) < 0 ? silence : LOOK)) {
            long now = heard.lines() + progress.getAsLong();
            if (now != seen) {
                seen = now;
                since = outside.time().nanos();
            } else if (outside.time().nanos() - since >= silence.toNanos()) {
                throw ErrorCode.BUDGET_EXCEEDED
                        .because("a program of Oracle said and wrote nothing for " + silence.toSeconds() + " s")
                        .with("step", step);
            }
        }
    }

    /** What matters of an output. */
    private static final class Heard {

        private final List<String> codes = new ArrayList<>();
        private final Map<String, String> answers = new TreeMap<>();
        private long lines;

        void read(InputStream output) {
            try (var reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    take(line);
                }
            } catch (IOException killed) {
                // What came before that counts.
                return;
            }
        }

        private synchronized void take(String line) {
            lines++;
            Matcher answer = ANSWER.matcher(line);
            if (answer.find()) {
                answers.put(answer.group(1), answer.group(2));
            }
            if (line.contains(DAMAGED)) {
                answers.put(DAMAGE, "1");
            }
            boolean warning = line.toLowerCase(Locale.ROOT).contains("warning");
            if (!warning && codes.size() < CODES) {
                Failures.collect(line, codes);
            }
        }

        synchronized long lines() {
            return lines;
        }

        synchronized Map<String, String> answers() {
            return Map.copyOf(answers);
        }

        synchronized void requireSuccess(int exit, String step) {
            if (exit == 0 && codes.isEmpty()) {
                return;
            }
            throw Failures.of(codes)
                    .because(
                            codes.isEmpty()
                                    ? "a program of Oracle failed and did not say why"
                                    : "a program of Oracle failed")
                    .with("step", step)
                    .with("exit", exit)
                    .with("codes", String.join(" ", codes));
        }
    }
}
