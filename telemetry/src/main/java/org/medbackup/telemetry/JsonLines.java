package org.medbackup.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.Outcome;

/**
 * Writes each event as a line of JSON (RFC 8259), with open facts only. A log keeps nobody from work: what cannot be written
 * is lost and counted; what must not be lost is in the audit trail.
 *
 * <p>Safe for use by several threads; each line is written at once.
 */
public final class JsonLines implements EventSink {

    private static final int LONGEST = 1000;

    private final OutputStream out;
    private final Level least;
    private final AtomicLong lost = new AtomicLong();

    /** How much somebody should look. */
    public enum Level {
        /** How far an operation is. */
        DEBUG,
        /** What happens. */
        INFO,
        /** What was not as it should be, and was mended, or needs no haste. */
        WARN,
        /** What failed. */
        ERROR
    }

    /**
     * Writes to a stream, which it never closes.
     *
     * @param least what is below it is not written
     */
    public JsonLines(OutputStream out, Level least) {
        this.out = out;
        this.least = least;
    }

    /** How many lines could not be written. */
    public long lost() {
        return lost.get();
    }

    @Override
    public void accept(BackupEvent event) {
        Level level = level(event);
        if (level.compareTo(least) < 0) {
            return;
        }
        byte[] line = (line(event, level) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            synchronized (this) {
                out.write(line);
                out.flush();
            }
        } catch (IOException unwritten) {
            lost.incrementAndGet();
        }
    }

    private static Level level(BackupEvent event) {
        return switch (event) {
            case BackupEvent.Progress _ -> Level.DEBUG;
            case BackupEvent.Started _, BackupEvent.LimitChanged _ -> Level.INFO;
            case BackupEvent.Found found -> found.code().kind() == ErrorCode.Kind.DAMAGE ? Level.ERROR : Level.WARN;
            case BackupEvent.PhaseEnded phase -> level(phase.outcome());
            case BackupEvent.Ended ended -> level(ended.outcome());
        };
    }

    private static Level level(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> Level.INFO;
            case INCOMPLETE, CANCELLED -> Level.WARN;
            case FINDING, FAILURE, REFUSED -> Level.ERROR;
        };
    }

    private static String line(BackupEvent event, Level level) {
        var line = new Line();
        line.text("time", event.time().toString());
        line.text("level", level.name());
        line.text("event", word(event.getClass().getSimpleName()));
        line.text("operation", event.operation());
        line.text("trace", TraceIds.of(event.operation()));
        switch (event) {
            case BackupEvent.Started started -> {
                line.text("action", started.action());
                line.actor(started.actor());
                line.facts(started.facts());
            }
            case BackupEvent.PhaseEnded phase -> {
                line.text("phase", phase.phase());
                line.ending(phase.outcome(), null, phase.took());
                line.facts(phase.facts());
            }
            case BackupEvent.Found found -> {
                line.code(found.code());
                line.facts(found.facts());
            }
            case BackupEvent.LimitChanged changed -> {
                line.actor(changed.actor());
                line.text("rule", changed.rule());
                line.text("before", changed.before());
                line.text("now", changed.now());
            }
            case BackupEvent.Progress progress -> {
                line.number("files", progress.files());
                line.number("bytes", progress.bytes());
                line.number("totalFiles", progress.totalFiles());
                line.number("totalBytes", progress.totalBytes());
            }
            case BackupEvent.Ended ended -> {
                line.text("action", ended.action());
                line.actor(ended.actor());
                line.ending(ended.outcome(), ended.code(), ended.took());
                line.facts(ended.facts());
            }
        }
        return line.end();
    }

    private static String word(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** A line under construction. */
    private static final class Line {

        private final StringBuilder text = new StringBuilder("{");

        private void name(String name) {
            if (text.charAt(text.length() - 1) != '{') {
                text.append(',');
            }
            quote(name);
            text.append(':');
        }

        void text(String name, String value) {
            name(name);
            quote(value.substring(0, Math.min(value.length(), LONGEST)));
        }

        void number(String name, Number value) {
            name(name);
            text.append(value);
        }

        void actor(Actor actor) {
            text("by", actor.name());
            text("host", actor.host());
        }

        void code(ErrorCode code) {
            text("code", code.name());
            text("remedy", code.remedy());
        }

        void ending(Outcome outcome, @Nullable ErrorCode code, Duration took) {
            text("outcome", outcome.name());
            if (code != null) {
                code(code);
            }
            number("seconds", took.toMillis() / 1000.0);
        }

        void facts(Facts facts) {
            if (facts.open().isEmpty()) {
                return;
            }
            name("facts");
            text.append('{');
            for (Map.Entry<String, String> each : facts.open().entrySet()) {
                text(each.getKey(), each.getValue());
            }
            text.append('}');
        }

        /** RFC 8259, section 7; half of a surrogate pair is no character. */
        private void quote(String value) {
            text.append('"');
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                boolean paired = Character.isHighSurrogate(c)
                        && i + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(i + 1));
                if (c == '"' || c == '\\') {
                    text.append('\\').append(c);
                } else if (c < ' ' || c == 0x2028 || c == 0x2029 || c == 0x7f) {
                    text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                } else if (paired) {
                    text.append(c).append(value.charAt(++i));
                } else {
                    text.append(Character.isSurrogate(c) ? '\ufffd' : c);
                }
            }
            text.append('"');
        }

        String end() {
            return text.append('}').toString();
        }
    }
}
