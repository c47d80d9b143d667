package org.medbackup.app.postgresql.log;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.Lsn;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.LogStoring;

/** One stream over one connection: from the beginning of a segment until the connection, the timeline or the call ends. */
final class WalStream {

    private static final Duration REPORT = Duration.ofSeconds(5);
    private static final int UNSYNCED = 1 << 20;

    private final ReplicationLink link;
    private final Spool spool;
    private final LogStoring<Lsn> storing;
    private final Progress progress;
    private final Reception reception;
    private final TimeSource time;
    private final int size;
    private long at;
    private long synced;
    private long heard;
    private long reported;
    private long cut;
    private int whole;

    WalStream(
            ReplicationLink link,
            Spool spool,
            LogStoring<Lsn> storing,
            Progress progress,
            Reception reception,
            TimeSource time,
            int size) {
        this.link = link;
        this.spool = spool;
        this.storing = storing;
        this.progress = progress;
        this.reception = reception;
        this.time = time;
        this.size = size;
    }

    /**
     * Receives.
     *
     * @param start the segment to begin with
     * @param successor where the timeline was left and what came after; null where it goes on
     */
    void run(Branch branch, Position start, Position.@Nullable Successor successor) {
        at = start.segment() * size;
        synced = at;
        heard = time.nanos();
        reported = heard;
        cut = heard;
        long number = start.segment();
        Spool.Receiving segment = spool.begin(name(branch, number));
        long cutLength = 0;
        try {
            while (!progress.isOver() && !isLeft(successor)) {
                storing.require();
                ReplicationLink.Message message = link.next();
                if (message == null) {
                    idle(segment);
                    if (time.since(cut).compareTo(reception.interval()) >= 0) {
                        cutLength = cut(branch, number, segment, cutLength);
                    }
                    continue;
                }
                heard = time.nanos();
                if (message instanceof ReplicationLink.Message.Alive alive) {
                    progress.written(alive.end());
                    if (alive.answer()) {
                        report(false);
                    }
                    continue;
                }
                var data = (ReplicationLink.Message.Data) message;
                progress.written(data.end());
                int offset = data.offset() + overlap(data);
                while (offset < data.bytes().length) {
                    int count = (int) Math.min(data.bytes().length - offset, size - segment.length());
                    segment.write(data.bytes(), offset, count);
                    offset += count;
                    at += count;
                    if (segment.length() == size) {
                        segment.finish();
                        segment.close();
                        synced = at;
                        number++;
                        cutLength = 0;
                        spool.next(new Position(start.system(), start.timeline(), number).toString());
                        segment = spool.begin(name(branch, number));
                        wholeSegment();
                    }
                }
                if (at - synced >= UNSYNCED) {
                    sync(segment);
                }
                if (time.since(cut).compareTo(reception.interval()) >= 0) {
                    cutLength = cut(branch, number, segment, cutLength);
                }
                progress.tell(storing);
            }
            cut(branch, number, segment, cutLength);
            report(false);
            if (successor != null && isLeft(successor)) {
                long next = successor.end().value() / size;
                spool.next(new Position(start.system(), successor.timeline(), next).toString());
            }
        } finally {
            segment.close();
            storing.ask();
        }
    }

    private String name(Branch branch, long number) {
        return branch.named(WalName.segment(branch.timeline(), number, size));
    }

    private boolean isLeft(Position.@Nullable Successor successor) {
        return successor != null && Long.compareUnsigned(at, successor.end().value()) >= 0;
    }

    /** What of a message we have already. */
    private int overlap(ReplicationLink.Message.Data data) {
        long ahead = at - data.start().value();
        if (ahead < 0) {
            throw ErrorCode.APPLICATION_FAILED.because("the server left out a part of the stream");
        }
        return (int) Math.min(ahead, data.bytes().length - data.offset());
    }

    private void wholeSegment() {
        report(false);
        whole++;
        if (whole >= reception.files()) {
            whole = 0;
            storing.ask();
        }
    }

    private void idle(Spool.Receiving segment) {
        if (at > synced) {
            sync(segment);
        } else if (time.since(reported).compareTo(REPORT) >= 0) {
            report(true);
        } else if (time.since(heard).compareTo(ReplicationLink.SILENCE) >= 0) {
            throw ErrorCode.APPLICATION_UNREACHABLE.because("the server has said nothing for too long");
        } else {
            progress.moment();
        }
        progress.tell(storing);
    }

    private void sync(Spool.Receiving segment) {
        segment.sync();
        synced = at;
        report(false);
    }

    private void report(boolean answer) {
        progress.received(synced);
        java.time.Instant now = time.now();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
        link.report(new Lsn(at), new Lsn(synced), micros, answer);
        reported = time.nanos();
    }

    /** Puts what there is of a segment into the spool, where it grew since the last time. */
    private long cut(Branch branch, long number, Spool.Receiving segment, long before) {
        cut = time.nanos();
        if (segment.length() > before) {
            segment.cut(branch.named(WalName.partial(branch.timeline(), number, size, segment.length())));
            synced = at;
        }
        storing.ask();
        return segment.length();
    }
}
