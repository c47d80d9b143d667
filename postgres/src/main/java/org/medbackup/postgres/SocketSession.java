package org.medbackup.postgres;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * A session over a server's private socket, for the few statements that have to come before any password exists. Speaks
 * the simple query protocol, version 3.0 (PostgreSQL manual, "Frontend/Backend Protocol"), which every version from 7.4
 * on answers.
 *
 * <p>One thread at a time.
 */
public final class SocketSession implements AutoCloseable {

    private static final int PROTOCOL = 3 << 16;

    /** Sessions must be able to write whatever the restored cluster's defaults are, and not wait for ever. */
    private static final String OPTIONS =
            "-c default_transaction_read_only=off -c statement_timeout=60s -c lock_timeout=30s";

    private final SocketChannel channel;
    private final DataInputStream in;
    private final DataOutputStream out;

    private SocketSession(SocketChannel channel) {
        this.channel = channel;
        this.in = new DataInputStream(new java.io.BufferedInputStream(Channels.newInputStream(channel)));
        this.out = new DataOutputStream(Channels.newOutputStream(channel));
    }

    static SocketSession open(Path socket, String role, String database) {
        SocketSession session = null;
        try {
            session = new SocketSession(SocketChannel.open(StandardProtocolFamily.UNIX));
            session.channel.connect(UnixDomainSocketAddress.of(socket));
            session.begin(role, database);
            return session;
        } catch (IOException failed) {
            closeAfter(session);
            throw ErrorCode.APPLICATION_UNREACHABLE.because("the server's own socket does not answer", failed);
        } catch (BackupException refused) {
            closeAfter(session);
            throw refused;
        }
    }

    private static void closeAfter(@Nullable SocketSession failed) {
        if (failed != null) {
            failed.close();
        }
    }

    private void begin(String role, String database) throws IOException {
        var body = new ByteArrayOutputStream();
        var words = new DataOutputStream(body);
        words.writeInt(PROTOCOL);
        for (String word :
                List.of("user", role, "database", database, "options", OPTIONS, "application_name", "medbackup", "")) {
            words.write(word.getBytes(StandardCharsets.UTF_8));
            words.writeByte(0);
        }
        out.writeInt(body.size() + 4);
        out.write(body.toByteArray());
        Reply reply = new Reply();
        while (reply.read()) {
            if (reply.kind == 'R' && reply.body().readInt() != 0) {
                throw ErrorCode.APPLICATION_UNREACHABLE.because("the server's access rules do not trust its socket");
            }
        }
        reply.failure(ErrorCode.APPLICATION_UNREACHABLE, "the server did not let a session in");
    }

    /**
     * Runs statements and gives the rows of their results as text.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_FAILED} and the SQLSTATE
     */
    public List<List<@Nullable String>> query(String sql) {
        try {
            byte[] text = sql.getBytes(StandardCharsets.UTF_8);
            out.writeByte('Q');
            out.writeInt(text.length + 5);
            out.write(text);
            out.writeByte(0);
            List<List<@Nullable String>> rows = new ArrayList<>();
            Reply reply = new Reply();
            while (reply.read()) {
                if (reply.kind == 'D') {
                    rows.add(row(reply.body()));
                }
            }
            reply.failure(ErrorCode.APPLICATION_FAILED, "a statement on the server's own socket failed");
            return rows;
        } catch (IOException lost) {
            throw ErrorCode.APPLICATION_FAILED.because("the session on the server's own socket broke", lost);
        }
    }

    private static List<@Nullable String> row(DataInputStream body) throws IOException {
        List<@Nullable String> values = new ArrayList<>();
        int columns = body.readShort();
        for (int i = 0; i < columns; i++) {
            int length = body.readInt();
            values.add(length < 0 ? null : new String(body.readNBytes(length), StandardCharsets.UTF_8));
        }
        return values;
    }

    /** The messages up to the one that says the server is ready for the next statement. */
    private final class Reply {

        private char kind;
        private byte[] bytes = {};
        private @Nullable String sqlState;

        /** Reads the next message; false after the last. */
        boolean read() throws IOException {
            kind = (char) in.readByte();
            int length = in.readInt() - 4;
            bytes = in.readNBytes(length);
            if (kind == 'E') {
                sqlState = state();
            }
            // A server that refuses the session says why and hangs up.
            return kind != 'Z' && !(kind == 'E' && fatal());
        }

        DataInputStream body() {
            return new DataInputStream(new java.io.ByteArrayInputStream(bytes));
        }

        void failure(ErrorCode code, String what) {
            if (sqlState != null) {
                throw code.because(what).with("sqlState", sqlState);
            }
        }

        private String state() {
            return field('C');
        }

        private boolean fatal() {
            return field('V').equals("FATAL");
        }

        private String field(char name) {
            for (String field : new String(bytes, StandardCharsets.ISO_8859_1).split("\0")) {
                if (!field.isEmpty() && field.charAt(0) == name) {
                    return field.substring(1);
                }
            }
            return "";
        }
    }

    @Override
    public void close() {
        try (channel) {
            out.writeByte('X');
            out.writeInt(4);
        } catch (IOException alreadyGone) {
            // The server ends the session in either case.
            return;
        }
    }
}
