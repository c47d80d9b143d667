package org.medbackup.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.ByteSizes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/**
 * The two outputs: standard output for the answer, standard error for everything else. Text that comes from outside loses
 * its control characters before it reaches a terminal.
 */
final class Terminal implements EventSink {

    private static final long SHOWN_AFTER = 1_000_000_000L;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private final long started = System.nanoTime();
    private boolean json;
    private boolean quiet;
    private boolean logged;
    private boolean verbose;
    private boolean barShown;

    Terminal(PrintStream out, PrintStream err, boolean interactive) {
        this.out = out;
        this.err = err;
        this.interactive = interactive;
    }

    /** As the caller wants it. */
    void configure(boolean asJson, boolean silent, boolean talkative) {
        json = asJson;
        quiet = silent;
        verbose = talkative;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    boolean isJson() {
        return json;
    }

    /** Prints an answer. */
    void print(Answer answer) {
        clearBar();
        if (json) {
            out.println(Json.write(JsonValue.of(answer.document())));
        } else if (!quiet || answer.exitCode() != ExitCode.DONE) {
            answer.lines().forEach(line -> out.println(plain(line)));
        }
        ErrorCode code = answer.error();
        if (!json && !answer.isOk() && code != null) {
            err.println("medbackup: " + plain(answer.errorMessage()));
            err.println("  " + code.remedy());
        }
        out.flush();
    }

    /** Prints a failure: what is wrong, and what to do. */
    void print(BackupException failure) {
        clearBar();
        if (json) {
            var document = new LinkedHashMap<String, Object>();
            document.put("ok", false);
            document.put("error", Answer.error(failure.code(), failure.toCaller()));
            out.println(Json.write(JsonValue.of(document)));
            out.flush();
        } else {
            err.println("medbackup: " + plain(failure.toCaller()));
            err.println("  " + failure.remedy());
        }
        if (verbose) {
            failure.printStackTrace(err);
        }
        err.flush();
    }

    /** A line for people that belongs to the course of things; seen at once. */
    synchronized void tell(String line) {
        if (!quiet) {
            list(line);
            (json ? err : out).flush();
        }
    }

    /** From now on events are lines of a log that somebody else writes. */
    synchronized void leaveEventsToTheLog() {
        logged = true;
    }

    /** A line for whoever looks at the log. */
    synchronized void note(String line) {
        err.println(plain(line));
        err.flush();
    }

    /** One line of many. */
    synchronized void list(String line) {
        clearBar();
        (json ? err : out).println(plain(line));
    }

    /** Control characters and what could steer a terminal become visible. */
    static String plain(String text) {
        var plain = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            boolean control = Character.isISOControl(point) || Character.getType(point) == Character.FORMAT;
            if (control) {
                plain.append(String.format(Locale.ROOT, point < 0x100 ? "\\x%02x" : "\\u%04x", point));
            } else {
                plain.appendCodePoint(point);
            }
        });
        return plain.toString();
    }

    @Override
    public synchronized void accept(BackupEvent event) {
        if (logged) {
            return;
        }
        switch (event) {
            case BackupEvent.Progress progress -> bar(progress);
            case BackupEvent.Found found -> {
                clearBar();
                err.println(plain("medbackup: found: " + found.code().title() + " "
                        + found.facts().open()));
            }
            case BackupEvent.LimitChanged changed -> limits(changed);
            case BackupEvent.PhaseEnded ended when ended.phase().equals("impact") -> impact(ended.facts());
            case BackupEvent.Started _, BackupEvent.PhaseEnded _, BackupEvent.Ended _ -> {
                // The answer tells it.
            }
        }
    }

    /** What a job did to an application. */
    private void impact(Facts facts) {
        Map<String, ?> open = facts.open();
        tell(open.get("protected") + ": " + open.get("measured"));
    }

    private void limits(BackupEvent.LimitChanged changed) {
        if (!quiet) {
            clearBar();
            err.println(plain("medbackup: limits changed by " + changed.rule() + ": "
                    + (changed.now().isEmpty() ? "none" : changed.now())));
        }
    }

    private void bar(BackupEvent.Progress progress) {
        long passed = System.nanoTime() - started;
        if (!interactive || json || quiet || passed < SHOWN_AFTER) {
            return;
        }
        double seconds = passed / 1e9;
        String rate = ByteSizes.text((long) (progress.bytes() / seconds)) + "/s";
        String left = progress.totalBytes() > 0 && progress.bytes() > 0
                ? String.format(
                        Locale.ROOT,
                        ", %.0f s left",
                        seconds * (progress.totalBytes() - progress.bytes()) / progress.bytes())
                : "";
        err.print("\r\u001b[K" + progress.files() + " files, " + ByteSizes.text(progress.bytes()) + ", " + rate + left);
        err.flush();
        barShown = true;
    }

    private synchronized void clearBar() {
        if (barShown) {
            err.print("\r\u001b[K");
            err.flush();
            barShown = false;
        }
    }
}
