package org.medbackup.app.postgresql.log;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.Connector;
import org.medbackup.app.postgresql.Lsn;
import org.medbackup.app.postgresql.Servers;
import org.medbackup.app.postgresql.Session;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.app.ApplicationLog.Lag;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.LogArchive;
import org.medbackup.core.spi.app.LogStoring;

/**
 * Receives a cluster's log as a standby does. A slot of ours keeps what was not received; what was received is durable in the
 * spool before the server hears of it. Timelines are followed; after a loss of the connection, or of this process, it begins
 * again with the segment that was not whole.
 */
final class WalReceiver {

    private static final Pattern SLOT = Pattern.compile("[a-z0-9_]{1,63}");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int SLOT_ATTEMPTS = 12;
    private static final String SLOT_IN_USE = "55006";

    private final Servers servers;
    private final TimeSource time;
    private final LogArchive archive;
    private final Spool spool;
    private final Reception reception;
    private final Progress progress;
    private boolean connected;

    WalReceiver(
            Servers servers,
            TimeSource time,
            LogArchive archive,
            Spool spool,
            Reception reception,
            Consumer<Lag> listener) {
        if (!SLOT.matcher(reception.slot()).matches()) {
            throw ErrorCode.USAGE.because("a slot's name is made of small letters, digits and underscores");
        }
        this.servers = servers;
        this.time = time;
        this.archive = archive;
        this.spool = spool;
        this.reception = reception;
        this.progress = new Progress(reception, time, listener);
    }

    /** What the server keeps for us. */
    private record Slot(@Nullable Lsn restart) {}

    /**
     * Receives in a thread of its own: an interruption would close the files that are being written, and is to be no more than
     * the wish to end.
     */
    Lag run() {
        var work = new FutureTask<Lag>(this::receiveAll);
        Thread thread = Thread.ofPlatform().name("medbackup receiver").daemon().start(work);
        while (true) {
            try {
                thread.join();
                return work.resultNow();
            } catch (InterruptedException over) {
                progress.end();
            } catch (IllegalStateException failed) {
                throw work.exceptionNow() instanceof RuntimeException known
                        ? known
                        : ErrorCode.INTERNAL.because("the receiver ended in a way that was not foreseen", failed);
            }
        }
    }

    private Lag receiveAll() {
        spool.open();
        try (spool) {
            var storing = new LogStoring<>(archive, new WaitingLog(spool), time);
            try (storing) {
                receive(storing);
            }
            storing.require();
            return progress.lag(storing);
        }
    }

    private void receive(LogStoring<Lsn> storing) {
        Duration pause = FIRST_PAUSE;
        int refused = 0;
        while (!progress.isOver()) {
            long before = progress.received();
            try {
                session(storing);
                pause = FIRST_PAUSE;
            } catch (BackupException lost) {
                boolean inUse = SLOT_IN_USE.equals(lost.context().get("sqlState")) && ++refused < SLOT_ATTEMPTS;
                boolean again = lost instanceof UnavailableException && connected || inUse;
                if (!again) {
                    throw lost;
                }
                pause = progress.received() > before ? FIRST_PAUSE : pause;
                progress.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private void session(LogStoring<Lsn> storing) {
        Connector connector = servers.now(PostgresLog.soon(time)).connector();
        try (ReplicationLink link = ReplicationLink.open(connector, PostgresLog.soon(time))) {
            ReplicationLink.Identity server = link.identify();
            int size;
            Slot slot;
            try (Session session = connector.open("medbackup log", PostgresLog.soon(time))) {
                size = segmentSize(session);
                slot = slot(session, link);
            }
            String text = server.timeline() > 1 ? link.history(server.timeline()) : "";
            WalHistory history = WalHistory.parse(text);
            if (!text.isEmpty()) {
                String name = WalName.history(server.timeline());
                var branch = new Branch(server.system(), server.timeline(), WalHistory.digest(text));
                spool.put(branch.named(name), text.getBytes(StandardCharsets.ISO_8859_1));
            }
            Lsn kept = slot.restart() == null ? server.position() : slot.restart();
            Position fresh =
                    new Position(server.system(), history.timelineAt(kept, server.timeline()), kept.value() / size);
            Position start = Position.parse(spool.next(), server.system())
                    .flatMap(each -> Optional.ofNullable(each.along(history, server.timeline(), size)))
                    .orElse(fresh);
            Branch branch = branch(link, server, text, start.timeline());
            try {
                link.start(reception.slot(), start.timeline(), start.lsn(size));
                connected = true;
                spool.next(start.toString());
                new WalStream(link, spool, storing, progress, reception, time, size)
                        .run(branch, start, start.end(history, server.timeline()));
            } catch (BackupException gone) {
                if (gone.code() != ErrorCode.APPLICATION_LOG_GAP || start.equals(fresh)) {
                    throw gone;
                }
                // What follows is better than nothing, and the gap is found by its name.
                System.getLogger(WalReceiver.class.getName())
                        .log(System.Logger.Level.WARNING, "the server has removed log that was not received: a gap");
                spool.next(fresh.toString());
            }
        }
    }

    private static Branch branch(ReplicationLink link, ReplicationLink.Identity server, String text, int timeline) {
        if (timeline == 1) {
            return new Branch(server.system(), 1, "");
        }
        String own = timeline == server.timeline() ? text : link.history(timeline);
        return new Branch(server.system(), timeline, WalHistory.digest(own));
    }

    private int segmentSize(Session session) {
        return session.row(
                "segment size",
                PostgresLog.soon(time),
                row -> row.getInt(1),
                "SELECT setting::int FROM pg_catalog.pg_settings WHERE name = 'wal_segment_size'");
    }

    private Slot slot(Session session, ReplicationLink link) {
        List<Slot> found = slots(session);
        if (found.isEmpty()) {
            link.createSlot(reception.slot());
            found = slots(session);
        }
        return found.isEmpty() ? new Slot(null) : found.getFirst();
    }

    private List<Slot> slots(Session session) {
        return session.rows(
                "slot",
                PostgresLog.soon(time),
                row -> {
                    if (!Set.of("physical").contains(row.getString(1))) {
                        throw ErrorCode.USAGE.because("the slot of this name is a logical one");
                    }
                    String restart = row.getString(2);
                    return new Slot(restart == null ? null : Lsn.parse(restart));
                },
                "SELECT slot_type, restart_lsn FROM pg_catalog.pg_replication_slots WHERE slot_name = ?",
                reception.slot());
    }
}
