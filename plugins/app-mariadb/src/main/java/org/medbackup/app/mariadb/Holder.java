package org.medbackup.app.mariadb;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * The session that holds the commits (MariaDB manual, "BACKUP STAGE"). The server lets go of them when the session ends, and
 * ends it by itself when nothing is heard from it for {@link #SILENCE}. A user lock tells every other session which one it is.
 */
final class Holder implements AutoCloseable {

    /** After so much silence the server thaws by itself, whatever has become of us and of the network. */
    static final Duration SILENCE = Duration.ofSeconds(20);

    /** By which any session finds the one that holds a backup. */
    private static final String LOCK = "medbackup";

    private static final Duration POLL = Duration.ofMillis(20);

    private final Session session;
    private final Duration silence;

    private Holder(Session session, Duration silence) {
        this.session = session;
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
            Integer mine = session.row("holder", deadline, row -> row.getInt(1), "SELECT GET_LOCK('" + LOCK + "', 0)");
            if (mine != 1) {
                throw ErrorCode.APPLICATION_NOT_READY.because("another backup holds this server");
            }
            return new Holder(session, silence);
        } catch (RuntimeException failed) {
            session.close();
            throw failed;
        }
    }

    /** Goes through the stages until commits wait. */
    void freeze(Deadline deadline) {
        session.execute("time-outs", deadline, "SET SESSION wait_timeout = " + silence.toSeconds());
        session.execute("time-outs", deadline, "SET SESSION lock_wait_timeout = 10");
        for (String stage : new String[] {"START", "FLUSH", "BLOCK_DDL", "BLOCK_COMMIT"}) {
            session.execute("stage " + stage, deadline, "BACKUP STAGE " + stage);
        }
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
                    "SELECT COALESCE(IS_USED_LOCK('" + LOCK + "') = CONNECTION_ID(), FALSE)");
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
     * Ends the session that holds a backup, if there is one, and returns when it is gone.
     *
     * @param other any other session
     */
    static void end(Session other, TimeSource time, Deadline deadline) {
        for (Long holder = find(other, deadline); holder != null; holder = find(other, deadline)) {
            try {
                other.execute("end the holder", deadline, "KILL " + holder);
            } catch (BackupException ended) {
                if (find(other, deadline) != null) {
                    throw ErrorCode.THAW_FAILED.because("the session that holds the commits cannot be ended", ended);
                }
            }
            time.sleep(POLL);
        }
    }

    private static @Nullable Long find(Session other, Deadline deadline) {
        return other.<@Nullable Long>row(
                "find the holder",
                deadline,
                row -> {
                    long id = row.getLong(1);
                    return row.wasNull() ? null : id;
                },
                "SELECT IS_USED_LOCK('" + LOCK + "')");
    }

    @Override
    public void close() {
        session.close();
    }
}
