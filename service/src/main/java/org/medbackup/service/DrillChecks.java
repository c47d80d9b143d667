package org.medbackup.service;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.engine.RestoreResult;
import org.medbackup.recovery.plan.PlannedCheck;
import org.medbackup.service.DrillResult.Check;

/**
 * The checks of one application of a drill. What they find is told without content: an answer that is not the one that was planned is
 * only said to differ.
 *
 * @param restored what was restored
 * @param folder in which it lies
 * @param running the application that was started; null where nothing was
 * @param inside starts programs where the application runs
 * @param time clocks
 */
record DrillChecks(
        RestoreResult restored,
        Path folder,
        ApplicationRecovery.@Nullable Recovered running,
        Processes inside,
        TimeSource time) {

    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofHours(2);
    private static final Duration STATEMENT = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(100);

    /** The name of a check in reports. */
    static String name(PlannedCheck check) {
        return check.kind().name().toLowerCase(Locale.ROOT);
    }

    /** A check that was not made. */
    static Check missed(PlannedCheck check, String why) {
        return new Check(name(check), false, why);
    }

    /** Makes one. */
    Check run(PlannedCheck check) {
        try {
            return switch (check.kind()) {
                case HASHES -> hashes();
                case APPLICATION -> application();
                case SQL -> sql(check);
                case HTTP -> http(check);
                case TCP -> tcp(check);
                case COMMAND -> command(check);
            };
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (BackupException failed) {
            return missed(check, "it could not be made: " + failed.code());
        }
    }

    /** Each chunk was proven to be the one of its name, and each file's sum to be that of the backup, while it was written. */
    private Check hashes() {
        return new Check(
                "hashes",
                restored.isComplete(),
                restored.isComplete()
                        ? restored.files() + " files are as they were"
                        : restored.failureCount() + " entries are not as they were");
    }

    private Check application() {
        if (running == null) {
            return new Check("application", false, "its job backs up files, so that nothing was started");
        }
        return of("application", running.verify(Deadline.after(time, LONG)));
    }

    /** One result of several. */
    static Check of(String name, List<Readiness> found) {
        List<String> wrong =
                found.stream().filter(each -> !each.ok()).map(Readiness::name).toList();
        return wrong.isEmpty()
                ? new Check(name, true, found.size() + " passed")
                : new Check(name, false, "not passed: " + String.join(", ", wrong));
    }

    private Check sql(PlannedCheck check) {
        if (running == null) {
            return missed(check, "its job backs up files, so that nothing was started");
        }
        String statement = check.settings().getOrDefault("statement", "");
        if (statement.isBlank()) {
            return missed(check, "the plan names no statement");
        }
        Optional<String> answer = running.ask(statement, Deadline.after(time, STATEMENT));
        return answer.isEmpty()
                ? missed(check, "it answered nothing")
                : expected(check, answer.get(), "the answer is the one that was planned");
    }

    private static Check expected(PlannedCheck check, String answer, String well) {
        boolean ok = Expectation.of(check.settings()).holds(answer);
        return new Check(name(check), ok, ok ? well : "the answer differs from the one that was planned");
    }

    /** Until it answers as planned, or its time is over: services need a while after their start. */
    private Check http(PlannedCheck check) {
        String url = check.settings().getOrDefault("url", "");
        if (url.isBlank()) {
            return missed(check, "the plan names no url");
        }
        Deadline deadline = Deadline.after(time, within(check));
        String wanted = check.settings().getOrDefault("status", "200");
        String status;
        do {
            int seconds = (int) Math.max(1, deadline.remaining().toSeconds());
            // The status comes after what was answered, on a line of its own.
            String said = inside.run(Command.of(
                                    "curl",
                                    "--silent",
                                    "--max-time",
                                    Integer.toString(seconds),
                                    "--max-filesize",
                                    "4194304",
                                    "--write-out",
                                    "\n%{http_code}",
                                    "--",
                                    url)
                            .within(Duration.ofSeconds(seconds + 5L)))
                    .output();
            int end = said.lastIndexOf('\n');
            status = said.substring(end + 1);
            if (status.equals(wanted)) {
                return answered(check, said.substring(0, Math.max(end, 0)));
            }
        } while (again(deadline));
        return missed(check, "it answered with " + (status.matches("[1-5][0-9]{2}") ? status : "nothing"));
    }

    private static Check answered(PlannedCheck check, String body) {
        String pointer = check.settings().get("pointer");
        if (pointer == null) {
            return new Check("http", true, "it answered as planned");
        }
        return JsonPointer.find(body, pointer)
                .map(value -> expected(check, value, "it answered as planned"))
                .orElseGet(() -> missed(check, "the answer has nothing at the pointer of the plan"));
    }

    private Check tcp(PlannedCheck check) {
        OptionalInt own = running == null ? OptionalInt.empty() : running.port();
        String planned = check.settings().get("port");
        if (planned == null && own.isEmpty()) {
            return missed(check, "the plan names no port");
        }
        int port = planned == null ? own.orElseThrow() : Integer.parseInt(planned);
        Deadline deadline = Deadline.after(time, within(check));
        do {
            if (isTaken(port)) {
                return new Check("tcp", true, "the port takes connections");
            }
        } while (again(deadline));
        return missed(check, "the port takes no connections");
    }

    /** Whether a server listens, as the kernel tells it where the application runs (proc_net_tcp of its documents). */
    private boolean isTaken(int port) {
        String end = String.format(Locale.ROOT, ":%04X", port);
        return inside.run(Command.of("cat", "/proc/net/tcp", "/proc/net/tcp6"))
                .output()
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .anyMatch(words -> words.length > 3 && words[1].endsWith(end) && words[3].equals("0A"));
    }

    /** The words of the plan are divided by blanks; there is no shell. */
    private Check command(PlannedCheck check) {
        String words = check.settings().getOrDefault("command", "").strip();
        if (words.isEmpty()) {
            return missed(check, "the plan names no command");
        }
        Command command = Command.of(List.of(words.split("\\s+")))
                .with("MEDBACKUP_FOLDER", folder.toString())
                .in(folder)
                .within(check.settings().containsKey("within") ? within(check) : LONG);
        OptionalInt port = running == null ? OptionalInt.empty() : running.port();
        var done = inside.run(port.isPresent() ? command.with("MEDBACKUP_PORT", "" + port.getAsInt()) : command);
        if (done.timedOut()) {
            return missed(check, "it did not end in time");
        }
        return new Check("command", done.succeeded(), "it ended with " + done.exitCode());
    }

    private boolean again(Deadline deadline) {
        if (deadline.hasPassed()) {
            return false;
        }
        time.sleep(POLL);
        return true;
    }

    private static Duration within(PlannedCheck check) {
        String seconds = check.settings().get("within");
        return seconds == null ? WITHIN : Duration.ofSeconds(Long.parseLong(seconds));
    }

    /**
     * What an answer has to be.
     *
     * @param equal the same, as number or as text; null where that is not asked
     */
    private record Expectation(
            @Nullable String equal,
            @Nullable BigDecimal least,
            @Nullable BigDecimal most) {

        static Expectation of(java.util.Map<String, String> settings) {
            return new Expectation(settings.get("equals"), number(settings.get("least")), number(settings.get("most")));
        }

        boolean holds(String answer) {
            BigDecimal value = number(answer);
            if (equal != null && !same(answer, value)) {
                return false;
            }
            if (least != null && (value == null || value.compareTo(least) < 0)) {
                return false;
            }
            return most == null || (value != null && value.compareTo(most) <= 0);
        }

        private boolean same(String answer, @Nullable BigDecimal value) {
            BigDecimal wanted = number(equal);
            return answer.equals(equal) || (wanted != null && value != null && wanted.compareTo(value) == 0);
        }

        private static @Nullable BigDecimal number(@Nullable String text) {
            try {
                return text == null ? null : new BigDecimal(text.strip());
            } catch (NumberFormatException none) {
                return null;
            }
        }
    }
}
