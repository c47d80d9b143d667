package org.medbackup.app.postgresql.log;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.medbackup.app.postgresql.Connector;
import org.medbackup.app.postgresql.Lsn;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyDual;

/**
 * One connection that speaks the replication protocol (PostgreSQL manual, "Streaming Replication Protocol"). Used by one
 * thread.
 */
final class ReplicationLink implements AutoCloseable {

    /** What the server says at least twice within this. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    /** "requested WAL segment has already been removed". */
    private static final String REMOVED = "58P01";

    private static final long EPOCH_SECONDS = 946_684_800L;

    private final Connection connection;
    private @Nullable CopyDual stream;

    private ReplicationLink(Connection connection) {
        this.connection = connection;
    }

    static ReplicationLink open(Connector connector, Deadline deadline) {
        return new ReplicationLink(connector.replication("medbackup log", SILENCE, deadline));
    }

    /** Which server it is. */
    record Identity(String system, int timeline, Lsn position) {}

    /** A message of the stream. */
    sealed interface Message {

        /** Log from a position on; the bytes lie in the array from an offset to its end. */
        record Data(Lsn start, byte[] bytes, int offset, Lsn end) implements Message {}

        /** A sign of life. */
        record Alive(Lsn end, boolean answer) implements Message {}
    }

    private interface Reading<T> {
        T from(ResultSet row) throws SQLException;
    }

    private <T> T ask(String step, String command, Reading<T> reading) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(command)) {
            if (!rows.next()) {
                throw ErrorCode.APPLICATION_FAILED
                        .because("the server answered nothing")
                        .with("step", step);
            }
            return reading.from(rows);
        } catch (SQLException failed) {
            throw Connector.failed(step, failed);
        }
    }

    Identity identify() {
        return ask(
                "identify",
                "IDENTIFY_SYSTEM",
                row -> new Identity(row.getString(1), row.getInt(2), Lsn.parse(row.getString(3))));
    }

    /** The text of a timeline's history. */
    String history(int timeline) {
        return ask("history", "TIMELINE_HISTORY " + timeline, row -> row.getString(2));
    }

    /** Makes a slot that keeps log from now on. */
    void createSlot(String slot) {
        ask("slot", "CREATE_REPLICATION_SLOT \"" + slot + "\" PHYSICAL RESERVE_WAL", row -> row.getString(1));
    }

    /** Begins to stream. */
    void start(String slot, int timeline, Lsn position) {
        try {
            stream = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyDual(String.format(
                            Locale.ROOT,
                            "START_REPLICATION SLOT \"%s\" PHYSICAL %s TIMELINE %d",
                            slot,
                            position,
                            timeline));
        } catch (SQLException refused) {
            throw failed("start", refused);
        }
    }

    private static BackupException failed(String step, SQLException failure) {
        return REMOVED.equals(failure.getSQLState())
                ? ErrorCode.APPLICATION_LOG_GAP.because("the server has removed log that was not received", failure)
                : Connector.failed(step, failure);
    }

    private CopyDual stream() {
        CopyDual running = stream;
        if (running == null) {
            throw new IllegalStateException("the stream was not begun");
        }
        return running;
    }

    /** The next message that is there; null where none is yet. */
    @Nullable
    Message next() {
        try {
            byte[] bytes = stream().readFromCopy(false);
            if (bytes == null) {
                if (!stream().isActive()) {
                    throw ErrorCode.APPLICATION_UNREACHABLE.because("the server ended the stream");
                }
                return null;
            }
            ByteBuffer message = ByteBuffer.wrap(bytes);
            return switch (bytes[0]) {
                case 'w' -> new Message.Data(new Lsn(message.getLong(1)), bytes, 25, new Lsn(message.getLong(9)));
                case 'k' -> new Message.Alive(new Lsn(message.getLong(1)), bytes[17] != 0);
                default -> throw ErrorCode.APPLICATION_FAILED.because("the server streams what we do not know");
            };
        } catch (SQLException lost) {
            throw failed("stream", lost);
        }
    }

    /**
     * Says how far we are.
     *
     * @param written last byte received
     * @param durable last byte that is safe here: the server may remove what lies before
     * @param micros wall clock since 1970
     * @param answer whether the server is to say something too
     */
    void report(Lsn written, Lsn durable, long micros, boolean answer) {
        byte[] message = ByteBuffer.allocate(34)
                .put((byte) 'r')
                .putLong(written.value())
                .putLong(durable.value())
                .putLong(0)
                .putLong(micros - EPOCH_SECONDS * 1_000_000)
                .put((byte) (answer ? 1 : 0))
                .array();
        try {
            stream().writeToCopy(message, 0, message.length);
            stream().flushCopy();
        } catch (SQLException lost) {
            throw Connector.failed("report", lost);
        }
    }

    @Override
    public void close() {
        try {
            // Without ending the copy: the answer to that could be long in coming, and nothing hangs on it.
            connection.close();
        } catch (SQLException gone) {
            return;
        }
    }
}
