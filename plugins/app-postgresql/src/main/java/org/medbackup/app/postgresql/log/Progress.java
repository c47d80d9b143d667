package org.medbackup.app.postgresql.log;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.Lsn;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationLog.Lag;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.LogStoring;

/** How far a receiver is, and whether it is to end. Used by one thread, but for {@link #end}. */
final class Progress {

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration TOLD = Duration.ofSeconds(1);

    private final TimeSource time;
    private final Consumer<Lag> listener;
    private final @Nullable Duration lasting;
    private final @Nullable Lsn end;
    private final long begun;
    private long durable;
    private long written;
    private long told;
    private long unstoredSince;
    private volatile boolean ended;

    Progress(Reception reception, TimeSource time, Consumer<Lag> listener) {
        this.time = time;
        this.listener = listener;
        this.lasting = reception.lasting();
        this.end = reception.end().isEmpty() ? null : position(reception.end());
        this.begun = time.nanos();
        this.told = begun;
        this.unstoredSince = begun;
    }

    private static Lsn position(String text) {
        try {
            return Lsn.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw ErrorCode.USAGE.because("the position is no LSN, such as 0/3000060");
        }
    }

    /** Says that it is to end; from any thread. */
    void end() {
        ended = true;
    }

    /** Whether it is to end. */
    boolean isOver() {
        boolean reached = end != null && Long.compareUnsigned(durable, end.value()) >= 0;
        boolean passed = lasting != null && time.since(begun).compareTo(lasting) >= 0;
        return ended || reached || passed;
    }

    /** Waits, at most until it is to end. */
    void sleep(Duration pause) {
        long from = time.nanos();
        while (time.since(from).compareTo(pause) < 0 && !isOver()) {
            time.sleep(STEP);
        }
    }

    /** Waits a moment for more. */
    void moment() {
        time.sleep(Duration.ofMillis(10));
    }

    long received() {
        return durable;
    }

    void received(long position) {
        durable = position;
    }

    /** How far the server has written, as it says. */
    void written(Lsn position) {
        written = Math.max(written, position.value());
    }

    void tell(LogStoring<Lsn> storing) {
        if (time.since(told).compareTo(TOLD) >= 0) {
            told = time.nanos();
            listener.accept(lag(storing));
        }
    }

    Lag lag(LogStoring<Lsn> storing) {
        Lsn stored = storing.stored();
        long storedTo = stored == null ? durable : stored.value();
        long last = Math.max(written, durable);
        if (storedTo >= durable) {
            unstoredSince = time.nanos();
        }
        return new Lag(
                new Lsn(durable).toString(),
                stored == null ? "" : stored.toString(),
                Math.max(0, last - storedTo),
                Math.max(0, last - durable),
                time.since(unstoredSince),
                storing.files());
    }
}
