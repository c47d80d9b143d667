package org.medbackup.app.mariadb;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.process.Processes.Piped;

/**
 * The one session of {@code mariadb} on a restored server that runs the statements of its log. It ends at the first that
 * fails. Not safe for use by several threads.
 */
final class ReplaySession implements AutoCloseable {

    /** In the last line of the output of {@code mariadb-binlog}, where that has come to its end. */
    private static final String END = "PSEUDO_SLAVE_MODE=0";

    private static final Pattern NUMBER = Pattern.compile("ERROR (\\d+)");
    private static final int TAIL = 200;

    private final Processes processes;
    private final Path folder;
    private final Piped session;
    private final FutureTask<String> answers;
    private final String proof =
            "medbackup-" + HexFormat.of().formatHex(Entropy.system().bytes(12));

    private ReplaySession(Processes processes, Path folder, Piped session) {
        this.processes = processes;
        this.folder = folder;
        this.session = session;
        this.answers = new FutureTask<>(() -> copy(session.output(), OutputStream.nullOutputStream()));
        Thread.ofVirtual().start(answers);
    }

    /**
     * Opens it.
     *
     * @param folder of ours alone, for the password and for what the programs say
     */
    static ReplaySession open(Processes processes, Path client, int port, Guest guest, Path folder) throws IOException {
        Path options = OptionFile.write(
                folder.resolve("options.cnf"),
                "client",
                Map.of(
                        "user", guest.name(),
                        "password", guest.password(),
                        "host", "127.0.0.1",
                        "port", Integer.toString(port),
                        "protocol", "tcp"));
        List<String> words = List.of(
                client.toString(),
                "--defaults-file=" + options,
                "--batch",
                "--skip-column-names",
                "--binary-mode",
                "--local-infile=1",
                "--max-allowed-packet=1G");
        return new ReplaySession(
                processes, folder, processes.pipe(Command.of(words).in(folder).writingTo(folder.resolve("said"))));
    }

    /**
     * Runs what {@code mariadb-binlog} makes of a file.
     *
     * @param file for messages
     */
    void run(Command command, String file) throws IOException {
        Path complaints = folder.resolve("complaints");
        try (Piped tool = processes.pipe(command.writingTo(complaints))) {
            String last = copy(tool.output(), session.input());
            boolean failed =
                    Files.readString(complaints, StandardCharsets.ISO_8859_1).contains("ERROR");
            if (failed || !last.contains(END)) {
                throw ErrorCode.OBJECT_DAMAGED
                        .because("mariadb-binlog cannot read a file of the log")
                        .with("file", file);
            }
        } finally {
            Files.deleteIfExists(complaints);
        }
    }

    /** Copies to the end; returns the last bytes. */
    private String copy(InputStream from, OutputStream to) throws IOException {
        var buffer = new byte[64 * 1024];
        String last = "";
        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
            write(to, buffer, length);
            String now =
                    new String(buffer, Math.max(0, length - TAIL), Math.min(length, TAIL), StandardCharsets.ISO_8859_1);
            last = (last + now).substring(Math.max(0, last.length() + now.length() - TAIL));
        }
        return last;
    }

    private void write(OutputStream to, byte[] bytes, int length) {
        try {
            to.write(bytes, 0, length);
        } catch (IOException closed) {
            throw refused(closed);
        }
    }

    /** What comes behind all statements and is answered proves that none has failed. */
    void requireDone(Deadline deadline) {
        try (OutputStream input = session.input()) {
            byte[] question = ("SELECT '" + proof + "';\n").getBytes(StandardCharsets.US_ASCII);
            write(input, question, question.length);
        } catch (IOException closed) {
            throw refused(closed);
        }
        if (!session.await(deadline.remaining())) {
            throw ErrorCode.BUDGET_EXCEEDED.because("the log was not replayed in time");
        }
        try {
            if (!answers.get().contains(proof)) {
                throw refused(null);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while the log was replayed", interrupted);
        } catch (java.util.concurrent.ExecutionException unread) {
            throw refused(unread);
        }
    }

    /** What it says may hold patients' data; only the error's number is told. */
    private BackupException refused(@Nullable Exception cause) {
        String why = "the restored server refuses a statement of its binary log";
        BackupException refusal = cause == null
                ? ErrorCode.RESTORED_APPLICATION_INVALID.because(why)
                : ErrorCode.RESTORED_APPLICATION_INVALID.because(why, cause);
        return refusal.with("error", number());
    }

    private String number() {
        try {
            session.await(java.time.Duration.ofSeconds(5));
            Matcher error = NUMBER.matcher(Files.readString(folder.resolve("said"), StandardCharsets.ISO_8859_1));
            return error.find() ? error.group(1) : "none";
        } catch (IOException unreadable) {
            return "unreadable";
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
