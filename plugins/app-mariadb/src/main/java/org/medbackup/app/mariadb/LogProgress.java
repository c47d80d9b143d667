package org.medbackup.app.mariadb;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.mariadb.binlog.BinlogName;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.ApplicationLog.Lag;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.LogStoring;

/** How far a receiver is, and whether it is to end. Used by one thread, but for {@link #end}. */
final class LogProgress {

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration TOLD = Duration.ofSeconds(1);

    /**
     * A file that the server has.
     *
     * @param size in bytes
     */
    record Listed(String file, long size) {}

    private final TimeSource time;
    private final Consumer<Lag> listener;
    private final @Nullable Duration lasting;
    private final @Nullable BinlogPosition end;
    private final long begun;
    private List<Listed> listed = List.of();
    private @Nullable BinlogPosition received;
    private long told;
    private long unstoredSince;
    private volatile boolean ended;

    LogProgress(Reception reception, TimeSource time, Consumer<Lag> listener) {
        this.time = time;
        this.listener = listener;
        this.lasting = reception.lasting();
        this.end = reception.end().isEmpty() ? null : BinlogPosition.parse(reception.end());
        this.begun = time.nanos();
        this.told = begun;
        this.unstoredSince = begun;
    }

    /** Says that it is to end; from any thread. */
    void end() {
        ended = true;
    }

    boolean isOver() {
        boolean reached = end != null && received != null && received.reaches(end);
        boolean passed = lasting != null && time.since(begun).compareTo(lasting) >= 0;
        return ended || reached || passed;
    }

    /** Waits, at most until it is to end. */
    void sleep(Duration pause) {
        long from = time.nanos();
        while (time.since(from).compareTo(pause) < 0 && !isOver()) {
            time.sleep(pause.compareTo(STEP) < 0 ? pause : STEP);
        }
    }

    void listed(List<Listed> files) {
        listed = files;
    }

    void received(BinlogPosition position) {
        received = position;
    }

    @Nullable
    BinlogPosition received() {
        return received;
    }

    void tell(LogStoring<BinlogPosition> storing) {
        if (time.since(told).compareTo(TOLD) >= 0) {
            told = time.nanos();
            listener.accept(lag(storing));
        }
    }

    Lag lag(LogStoring<BinlogPosition> storing) {
        BinlogPosition stored = storing.stored();
        BinlogPosition durable = received;
        if (durable == null || stored != null && stored.reaches(durable)) {
            unstoredSince = time.nanos();
        }
        return new Lag(
                durable == null ? "" : durable.toString(),
                stored == null ? "" : stored.toString(),
                behind(stored == null ? durable : stored),
                behind(durable),
                time.since(unstoredSince),
                storing.files());
    }

    /** Bytes that the server has after a position. */
    private long behind(@Nullable BinlogPosition position) {
        long bytes = 0;
        for (Listed each : listed) {
            long number = BinlogName.number(each.file());
            long from = position == null ? -1 : BinlogName.number(position.file());
            if (position == null || number > from) {
                bytes += each.size();
            } else if (number == from) {
                bytes += Math.max(0, each.size() - position.offset());
            }
        }
        return bytes;
    }
}
