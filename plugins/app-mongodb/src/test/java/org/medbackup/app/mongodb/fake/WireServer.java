package org.medbackup.app.mongodb.fake;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.Document;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.DocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.jspecify.annotations.Nullable;
import org.medbackup.testkit.MortalProcess;

/**
 * The wire protocol on a loopback socket: OP_MSG, and OP_QUERY for the driver's first question (MongoDB manual, "MongoDB Wire
 * Protocol").
 */
abstract class WireServer implements AutoCloseable {

    private static final int OP_REPLY = 1;
    private static final int OP_QUERY = 2004;
    private static final int OP_MSG = 2013;
    private static final DocumentCodec CODEC = new DocumentCodec();

    private final ServerSocket socket;
    private final Set<ServerSocket> doors = ConcurrentHashMap.newKeySet();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    WireServer() {
        this(0);
    }

    WireServer(int port) {
        socket = listening(port);
        Thread.ofVirtual().start(() -> accept(socket, null));
    }

    private static ServerSocket listening(int port) {
        try {
            return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What a connection remembers. */
    static final class Session {
        final @Nullable MortalProcess process;
        boolean loggedIn;

        @Nullable
        Scram scram;

        @Nullable
        Runnable whenGone;

        Session(@Nullable MortalProcess process) {
            this.process = process;
        }
    }

    /** Where it answers. */
    public String place() {
        return place(socket);
    }

    private static String place(ServerSocket socket) {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** Where it answers one process, whose connections end with it. */
    public String through(MortalProcess process) {
        ServerSocket door = listening(0);
        doors.add(door);
        process.whenDead(() -> close(door));
        Thread.ofVirtual().start(() -> accept(door, process));
        return place(door);
    }

    /** The names of all commands so far, without those by which the driver watches the server. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** How often a command came. */
    public long count(String command) {
        return calls.stream().filter(command::equals).count();
    }

    /** What goes wrong with the next command of a name; several happen one after the other. */
    public void next(String command, Fault fault) {
        faults.computeIfAbsent(command, name -> new ArrayDeque<>()).add(fault);
    }

    /** Ends all connections, as the death of a client does. */
    public void cutConnections() {
        open.forEach(WireServer::close);
    }

    abstract Document answer(Session session, String database, Document command);

    private void accept(ServerSocket door, @Nullable MortalProcess process) {
        while (!closed) {
            try {
                Socket client = door.accept();
                client.setTcpNoDelay(true);
                open.add(client);
                if (process != null) {
                    process.whenDead(() -> close(client));
                }
                Thread.ofVirtual().start(() -> serve(client, process));
            } catch (IOException ended) {
                return;
            }
        }
    }

    private void serve(Socket client, @Nullable MortalProcess process) {
        var session = new Session(process);
        try (client) {
            var in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            while (!closed) {
                one(session, in, out);
            }
        } catch (IOException gone) {
            // The client has closed its end, or a fault has closed ours.
            open.remove(client);
        } finally {
            open.remove(client);
            Runnable ending = session.whenGone;
            if (ending != null) {
                ending.run();
            }
        }
    }

    private void one(Session session, DataInputStream in, OutputStream out) throws IOException {
        ByteBuffer header = read(in, 16);
        int length = header.getInt(0);
        int request = header.getInt(4);
        int operation = header.getInt(12);
        ByteBuffer body = read(in, length - 16);
        body.getInt();
        String database;
        Document command;
        if (operation == OP_QUERY) {
            // The collection's name, and what to skip and to return.
            int end = body.position();
            while (body.get(end) != 0) {
                end++;
            }
            body.position(end + 1 + Long.BYTES);
            command = decoded(body);
            database = "admin";
        } else {
            if (body.get() != 0) {
                throw new IOException("a section that this server does not read");
            }
            command = decoded(body);
            database = command.getString("$db");
        }
        byte[] document = encoded(asked(session, database, command));
        byte[] reply;
        if (operation == OP_QUERY) {
            reply = new byte[36 + document.length];
            message(reply, request, OP_REPLY)
                    .putInt(0)
                    .putLong(0)
                    .putInt(0)
                    .putInt(1)
                    .put(document);
        } else {
            reply = new byte[21 + document.length];
            message(reply, request, OP_MSG).putInt(0).put((byte) 0).put(document);
        }
        out.write(reply);
        out.flush();
    }

    private Document asked(Session session, String database, Document command) throws IOException {
        MortalProcess process = session.process;
        if (process == null || isWatching(command)) {
            return guarded(session, database, command);
        }
        try {
            return process.call(() -> guarded(session, database, command));
        } catch (MortalProcess.Killed dead) {
            throw new IOException("the client is dead", dead);
        }
    }

    /** The driver's own questions, which come at any time. */
    private static boolean isWatching(Document command) {
        String name = command.keySet().iterator().next();
        return name.equalsIgnoreCase("ismaster") || name.equals("hello") && command.containsKey("client");
    }

    private Document guarded(Session session, String database, Document command) throws IOException {
        String name = command.keySet().iterator().next();
        boolean watching = isWatching(command);
        if (!watching) {
            calls.add(name);
        }
        Deque<Fault> waiting = faults.get(name);
        Fault fault = waiting == null || watching ? null : waiting.poll();
        switch (fault) {
            case Fault.DropBefore _ -> throw new IOException("dropped before");
            case Fault.Hang _ -> hang();
            case Fault.Fails failing -> {
                return failed(failing.number(), "told to fail");
            }
            case Fault.First first -> first.action().run();
            case null, default -> {}
        }
        Document answer;
        try {
            answer = answer(session, database, command).append("ok", 1.0);
        } catch (CommandError error) {
            answer = failed(error.number(), Objects.requireNonNull(error.getMessage()));
        }
        if (fault instanceof Fault.DropAfter) {
            throw new IOException("dropped after");
        }
        return answer;
    }

    private static Document failed(int number, String message) {
        return new Document("ok", 0.0)
                .append("errmsg", message)
                .append("code", number)
                .append("codeName", "Location" + number);
    }

    private void hang() throws IOException {
        try {
            while (!closed) {
                Thread.sleep(20);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("hung until the end");
    }

    private static ByteBuffer message(byte[] reply, int request, int operation) {
        return ByteBuffer.wrap(reply)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(reply.length)
                .putInt(request + 1)
                .putInt(request)
                .putInt(operation);
    }

    private static ByteBuffer read(DataInputStream in, int length) throws IOException {
        var bytes = new byte[length];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Document decoded(ByteBuffer body) {
        return CODEC.decode(
                new BsonBinaryReader(body.slice().order(ByteOrder.LITTLE_ENDIAN)),
                DecoderContext.builder().build());
    }

    private static byte[] encoded(Document document) {
        try (var buffer = new BasicOutputBuffer();
                var writer = new BsonBinaryWriter(buffer)) {
            CODEC.encode(writer, document, EncoderContext.builder().build());
            return buffer.toByteArray();
        }
    }

    private static void close(Closeable client) {
        try {
            client.close();
        } catch (IOException alreadyGone) {
            // There is nothing left to close.
            return;
        }
    }

    @Override
    public void close() {
        closed = true;
        cutConnections();
        doors.forEach(WireServer::close);
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
