package org.medbackup.core.event;

import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;

/**
 * Says the events of one operation: its beginning when it is opened, its phases, its end once.
 *
 * <p>Safe for use by several threads.
 */
public final class OperationLog {

    private final TimeSource time;
    private final EventSink sink;
    private final String operation;
    private final String action;
    private final Actor actor;
    private final long started;

    private OperationLog(TimeSource time, EventSink sink, String operation, String action, Actor actor) {
        this.time = time;
        this.sink = sink;
        this.operation = operation;
        this.action = action;
        this.actor = actor;
        this.started = time.nanos();
    }

    /** Begins an operation and says so. */
    public static OperationLog open(
            TimeSource time, Entropy entropy, EventSink sink, String action, Actor actor, Facts facts) {
        String id = HexFormat.of().formatHex(entropy.bytes(8));
        var log = new OperationLog(time, sink, id, action, actor);
        sink.accept(new BackupEvent.Started(time.now(), id, action, actor, facts));
        return log;
    }

    /** An operation that nobody listens to. */
    public static OperationLog silent() {
        return new OperationLog(
                TimeSource.system(),
                EventSink.none(),
                "0000000000000000",
                "none",
                new Actor("none", "none", null, null));
    }

    /** The id that all its events carry. */
    public String operation() {
        return operation;
    }

    /** A step is over. */
    public void phase(String phase, Outcome outcome, Duration took, Facts facts) {
        sink.accept(new BackupEvent.PhaseEnded(time.now(), operation, phase, outcome, took, facts));
    }

    /** Something was found. */
    public void found(ErrorCode code, Facts facts) {
        sink.accept(new BackupEvent.Found(time.now(), operation, code, facts));
    }

    /** How far it is. */
    public void progress(long files, long bytes, long totalFiles, long totalBytes) {
        sink.accept(new BackupEvent.Progress(time.now(), operation, files, bytes, totalFiles, totalBytes));
    }

    /** It is over. */
    public void ended(Outcome outcome, @Nullable ErrorCode code, Facts facts) {
        sink.accept(
                new BackupEvent.Ended(time.now(), operation, action, actor, outcome, code, time.since(started), facts));
    }
}
