package org.medbackup.app.mariadb;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.mariadb.LogProgress.Listed;
import org.medbackup.app.mariadb.binlog.BinlogName;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.ApplicationLog.Lag;
import org.medbackup.core.spi.app.ApplicationLog.Reception;
import org.medbackup.core.spi.app.LogArchive;
import org.medbackup.core.spi.app.LogStoring;

/**
 * Receives a server's binary log in rounds: what was added since the last one is read by the server's own tool, held
 * against what was there before, and made durable in the spool. Nothing on the server depends on us: it removes its files
 * by its own rules, and what it has removed before we came is a gap, which is told.
 */
final class BinlogReceiver {

    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** A log that changes under our hands so often in one round is looked at again in the next. */
    private static final int TURNS = 1000;

    private final Connector connector;
    private final Processes processes;
    private final TimeSource time;
    private final LogArchive archive;
    private final LogSpool spool;
    private final Reception reception;
    private final LogProgress progress;
    private @Nullable LogCursor cursor;
    private @Nullable FileReception current;
    private String server = "";
    private boolean connected;
    private long lastStored;

    BinlogReceiver(
            Connector connector,
            Processes processes,
            TimeSource time,
            LogArchive archive,
            LogSpool spool,
            Reception reception,
            Consumer<Lag> listener) {
        this.connector = connector;
        this.processes = processes;
        this.time = time;
        this.archive = archive;
        this.spool = spool;
        this.reception = reception;
        this.progress = new LogProgress(reception, time, listener);
        this.lastStored = time.nanos();
    }

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
            cursor = LogCursor.parse(spool.next());
            BinlogTool tool = new BinlogTool(connector, processes, spool.work()).prepared();
            var storing = new LogStoring<>(archive, new WaitingLog(spool), time);
            try (storing) {
                receive(tool, storing);
                cut();
            }
            storing.require();
            return progress.lag(storing);
        }
    }

    private void receive(BinlogTool tool, LogStoring<BinlogPosition> storing) {
        Duration pause = FIRST_PAUSE;
        while (!progress.isOver()) {
            BinlogPosition before = progress.received();
            try {
                session(tool, storing);
            } catch (UnavailableException lost) {
                if (!connected) {
                    throw lost;
                }
                boolean moved = before == null || !before.equals(progress.received());
                pause = moved ? FIRST_PAUSE : pause;
                progress.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private Deadline soon() {
        return Deadline.after(time, ANSWER);
    }

    private void session(BinlogTool tool, LogStoring<BinlogPosition> storing) {
        try (Session session = connector.open(soon())) {
            Server found = Server.ask(session, time, soon());
            if (!found.logsBinary()) {
                throw ErrorCode.APPLICATION_NOT_READY.because("the server writes no binary log (log_bin)");
            }
            server = found.digest();
            while (!progress.isOver()) {
                round(tool, listed(session));
                connected = true;
                storing.require();
                store(storing);
                progress.tell(storing);
                progress.sleep(ROUND);
            }
        }
    }

    private List<Listed> listed(Session session) {
        List<Listed> all = session.rows(
                "binary logs", soon(), row -> new Listed(row.getString(1), row.getLong(2)), "SHOW BINARY LOGS");
        if (all.isEmpty() || !all.stream().allMatch(each -> BinlogName.isFile(each.file()))) {
            throw ErrorCode.APPLICATION_FAILED.because("the server names its binary logs in a way that is not known");
        }
        progress.listed(all);
        return all;
    }

    private void round(BinlogTool tool, List<Listed> files) {
        for (int turn = 0; turn < TURNS && !progress.isOver(); turn++) {
            int at = place(files);
            Listed file = files.get(at);
            boolean closed = at < files.size() - 1;
            try {
                FileReception.Step step = received(tool, file);
                switch (step) {
                    case ANOTHER_LOG -> {
                        warn("the binary log was begun anew (RESET MASTER); back up now");
                        goTo(files.getFirst().file());
                    }
                    case GONE -> {
                        return;
                    }
                    case ADDED -> {
                        FileReception now = java.util.Objects.requireNonNull(current);
                        progress.received(new BinlogPosition(file.file(), now.length()));
                        if (!closed) {
                            return;
                        }
                        String next = files.get(at + 1).file();
                        if (now.length() >= file.size()) {
                            spool.take(now.path(), now.name());
                        } else if (hasAllBefore(now, tool, next)) {
                            warn("a file of the binary log has half an event at its end");
                            spool.takeCopy(now.path(), now.cut());
                        } else {
                            return;
                        }
                        current = null;
                        move(new LogCursor(server, next, now.ends()));
                    }
                }
            } catch (IOException failed) {
                throw LogSpool.unusable(failed);
            }
        }
    }

    private FileReception.Step received(BinlogTool tool, Listed file) throws IOException {
        FileReception now = current;
        if (now != null) {
            return now.grow(tool, file.size());
        }
        FileReception begun = FileReception.begin(tool, spool.work().resolve("receiving"), server, file.file());
        if (begun == null) {
            return FileReception.Step.GONE;
        }
        LogCursor expected = cursor;
        if (expected != null && expected.before() != null && !expected.before().isFollowedBy(begun.begins())) {
            return FileReception.Step.ANOTHER_LOG;
        }
        current = begun;
        return FileReception.Step.ADDED;
    }

    /** Which of the server's files is to be received now. */
    private int place(List<Listed> files) {
        LogCursor next = cursor;
        if (next != null && next.server().equals(server)) {
            for (int at = 0; at < files.size(); at++) {
                if (files.get(at).file().equals(next.file())) {
                    return at;
                }
            }
            boolean later = files.stream()
                    .allMatch(each -> BinlogName.base(each.file()).equals(BinlogName.base(next.file()))
                            && BinlogName.number(each.file()) > BinlogName.number(next.file()));
            warn(
                    later
                            ? "the server has removed binary log that was not received, a gap from " + next.file()
                                    + "; back up now"
                            : "the binary log was begun anew (RESET MASTER); back up now");
        } else if (next != null) {
            warn("another server answers at this address; back up now");
        }
        goTo(files.getFirst().file());
        return 0;
    }

    /** What follows a break is better than nothing; the break itself is found when the archive is checked. */
    private static void warn(String what) {
        System.getLogger(BinlogReceiver.class.getName()).log(System.Logger.Level.WARNING, what);
    }

    private void goTo(String file) {
        cut();
        current = null;
        move(new LogCursor(server, file, null));
    }

    private void move(LogCursor next) {
        cursor = next;
        spool.next(next.toString());
    }

    /** Whether no transaction is missing between what is there of a file and the next one. */
    private boolean hasAllBefore(FileReception now, BinlogTool tool, String next) throws IOException {
        FileReception other = FileReception.begin(tool, spool.work().resolve("other"), server, next);
        return other != null && now.ends().isFollowedBy(other.begins());
    }

    /** Hands the spool what there is of the file that is being written. */
    private void cut() {
        FileReception now = current;
        if (now != null && now.hasMore()) {
            spool.takeCopy(now.path(), now.cut());
        }
    }

    private void store(LogStoring<BinlogPosition> storing) {
        boolean late = time.since(lastStored).compareTo(reception.interval()) >= 0;
        if (late) {
            cut();
        }
        if (late || spool.whole() >= reception.files()) {
            lastStored = time.nanos();
            storing.ask();
        }
    }
}
