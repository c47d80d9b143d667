package org.medbackup.app.mariadb;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * The session that holds the commits (MariaDB manual, "BACKUP STAGE"). The server lets go of them when the session ends, and
 * ends it by itself when nothing is heard from it for {@link #SILENCE}. A user lock that no other session ever had or will have
 * tells every other session which one it is, so that nobody ends the backup of somebody else.
 */
final class Holder implements AutoCloseable {

    /** After so much silence the server thaws by itself, whatever has become of us and of the network. */
    static final Duration SILENCE = Duration.ofSeconds(20);

    /** The option of a connection that tells another process which freeze is to end. */
    static final String HANDLE = "holder";

    /** Of one backup of a server at a time. */
    private static final String LOCK = "medbackup";

    private static final Duration POLL = Duration.ofMillis(20);

    private final Session session;
    private final String key;
    private final Duration silence;

    private Holder(Session session, String key, Duration silence) {
        this.session = session;
        this.key = key;
        this.silence = silence;
    }

    /**
     * Opens the session; nothing waits yet.
     *
     * @param silence after which the server ends it, in whole seconds; {@link #SILENCE} but for tests
     */
    static Holder open(Connector connector, Duration silence, Deadline deadline) {
        Session session = connector.open(deadline);
        try {
            // The number of a session comes again after a restart of the server, a short UUID does not.
            String key = session.row(
                    "holder", deadline, row -> row.getString(1), "SELECT CONCAT(CONNECTION_ID(), '.', UUID_SHORT())");
            if (!session.lock(LOCK, deadline) || !session.lock(name(key), deadline)) {
                throw ErrorCode.APPLICATION_NOT_READY.because("another backup holds this server");
            }
            return new Holder(session, key, silence);
        } catch (RuntimeException failed) {
            session.close();
            throw failed;
        }
    }

    private static String name(String key) {
        return LOCK + "." + key;
    }

    /** Which session it is: its number on the server and a number that never comes again. */
    String key() {
        return key;
    }

    /** Goes through the stages until commits wait. */
    void freeze(Deadline deadline) {
        session.execute("time-outs", deadline, "SET SESSION wait_timeout = " + silence.toSeconds());
        session.execute("time-outs", deadline, "SET SESSION lock_wait_timeout = 10");
        for (String stage : new String[] {"START", "FLUSH", "BLOCK_DDL", "BLOCK_COMMIT"}) {
            session.execute("stage " + stage, deadline, "BACKUP STAGE " + stage);
        }
        // Beside a binary log the end of a commit is in the redo log's file only later, and without the binary log a
        // restored server does not know what to do with a transaction that is prepared.
        session.execute("engine logs", deadline, "FLUSH NO_WRITE_TO_BINLOG ENGINE LOGS");
    }

    /** Where the server stands; commits wait. */
    Position position(Server server, Deadline deadline) {
        return Position.ask(session, server, deadline);
    }

    /**
     * Fails when the commits may have gone on.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#FREEZE_LOST}
     */
    void requireFrozen(Deadline deadline) {
        try {
            boolean mine = session.row(
                    "holder",
                    deadline,
                    row -> row.getBoolean(1),
                    "SELECT COALESCE(IS_USED_LOCK(?) = CONNECTION_ID(), FALSE)",
                    name(key));
            if (mine) {
                return;
            }
        } catch (BackupException gone) {
            throw ErrorCode.FREEZE_LOST.because("the session that holds the commits is gone", gone);
        }
        throw ErrorCode.FREEZE_LOST.because("the session does not hold the commits any more");
    }

    /** Lets the commits go on. */
    void thaw(Deadline deadline) {
        session.execute("stage END", deadline, "BACKUP STAGE END");
    }

    /**
     * Ends one session that holds a backup, where it is still there, and returns when it is gone. Every other one is left
     * alone.
     *
     * @param other any other session
     * @param key which one
     */
    static void end(Session other, String key, TimeSource time, Deadline deadline) {
        String lock = name(key);
        for (Long holder = find(other, lock, deadline); holder != null; holder = find(other, lock, deadline)) {
            try {
                other.execute("end the holder", deadline, "KILL " + holder);
            } catch (BackupException ended) {
                if (find(other, lock, deadline) != null) {
                    throw ErrorCode.THAW_FAILED.because("the session that holds the commits cannot be ended", ended);
                }
            }
            time.sleep(POLL);
        }
    }

    /**
     * Fails where some session holds a backup.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#THAW_FAILED}
     */
    static void requireNone(Session other, Deadline deadline) {
        if (find(other, LOCK, deadline) != null) {
            throw ErrorCode.THAW_FAILED.because("a session holds a backup, and nothing says whose it is");
        }
    }

    private static @Nullable Long find(Session other, String lock, Deadline deadline) {
        return other.<@Nullable Long>row(
                "find the holder",
                deadline,
                row -> {
                    long id = row.getLong(1);
                    return row.wasNull() ? null : id;
                },
                "SELECT IS_USED_LOCK(?)",
                lock);
    }

    @Override
    public void close() {
        session.close();
    }
}
