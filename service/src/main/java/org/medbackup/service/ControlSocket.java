package org.medbackup.service;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;

/**
 * The socket on which a running command is asked for its status, given other limits, or cancelled: {@code run/PID.sock} in
 * the state folder, for the account that runs the command alone. One line of JSON asks, one line answers.
 */
final class ControlSocket implements AutoCloseable {

    static final String FOLDER = "run";
    private static final String END = ".sock";
    private static final int LONGEST_REQUEST = 64 * 1024;

    private final ServerSocketChannel server;
    private final Path socket;
    private final Governor governor;
    private final LimitRecord record;
    private final Runnable cancel;

    private ControlSocket(
            ServerSocketChannel server, Path socket, Governor governor, LimitRecord record, Runnable cancel) {
        this.server = server;
        this.socket = socket;
        this.governor = governor;
        this.record = record;
        this.cancel = cancel;
    }

    /** Serves until it is closed. */
    static ControlSocket open(Path state, Governor governor, LimitRecord record, Runnable cancel) {
        Path folder = state.resolve(FOLDER);
        Path socket = folder.resolve(fileName(ProcessHandle.current().pid()));
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            // What a process of the same number left behind.
            Files.deleteIfExists(socket);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                server.bind(UnixDomainSocketAddress.of(socket));
                Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            } catch (IOException | RuntimeException failed) {
                server.close();
                throw failed;
            }
            var control = new ControlSocket(server, socket, governor, record, cancel);
            Thread.ofPlatform().daemon().name("control").start(control::serve);
            return control;
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE
                    .because("the socket of this command cannot be made", failed)
                    .with("state", state);
        }
    }

    /** The name of the socket of a process. */
    static String fileName(long process) {
        return process + END;
    }

    /** The process of a socket. */
    static long process(Path socket) {
        return Long.parseLong(socket.getFileName().toString().replace(END, ""));
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
                writeLine(channel, answer(readLine(channel)));
            } catch (IOException gone) {
                // Who asked has gone, or this is closed.
            }
        }
    }

    static void writeLine(SocketChannel channel, JsonValue value) throws IOException {
        channel.write(ByteBuffer.wrap((Json.write(value) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    static String readLine(SocketChannel channel) throws IOException {
        var line = new StringBuilder();
        var reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        for (int next = reader.read(); next >= 0 && next != '\n'; next = reader.read()) {
            if (line.length() == LONGEST_REQUEST) {
                throw new IOException("a line without an end");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private JsonValue answer(String line) {
        try {
            JsonValue.Members request = Json.parseMembers(line);
            return switch (request.text("do")) {
                case "status" -> status();
                case "set" -> {
                    set(request);
                    yield status();
                }
                case "cancel" -> {
                    cancel.run();
                    yield status();
                }
                default -> failed(ErrorCode.USAGE.because("nobody knows how to do this"));
            };
        } catch (BackupException wrong) {
            return failed(wrong);
        } catch (JsonException malformed) {
            return failed(ErrorCode.USAGE.because("the request is not a line of JSON", malformed));
        }
    }

    private void set(JsonValue.Members request) {
        Limits changes = Limits.parse(texts(request));
        Limits before = governor.limits();
        governor.set(changes);
        String by = request.find("by").orElse(null) instanceof JsonValue.Text name ? name.value() : "unknown";
        record.changed(record.actor(by), Governor.SET, before, governor.limits());
        record.say();
    }

    private static List<String> texts(JsonValue.Members request) {
        List<String> texts = new ArrayList<>();
        for (JsonValue item : request.items("limits")) {
            if (!(item instanceof JsonValue.Text text)) {
                throw ErrorCode.USAGE.because("limits are texts");
            }
            texts.add(text.value());
        }
        return texts;
    }

    private static JsonValue failed(BackupException failure) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("code", new JsonValue.Text(failure.code().name()));
        members.put("message", new JsonValue.Text(String.valueOf(failure.getMessage())));
        return new JsonValue.Members(Map.of("error", new JsonValue.Members(members)));
    }

    private JsonValue status() {
        List<JsonValue> resources = new ArrayList<>();
        for (Governor.Usage usage : governor.usage()) {
            Map<String, JsonValue> members = new LinkedHashMap<>();
            members.put("name", new JsonValue.Text(usage.name()));
            members.put("limit", new JsonValue.Whole(usage.limit()));
            members.put("usage", new JsonValue.Whole(usage.usage()));
            members.put(
                    "limitedBy",
                    usage.limitedBy() == null ? new JsonValue.Null() : new JsonValue.Text(usage.limitedBy()));
            resources.add(new JsonValue.Members(members));
        }
        return new JsonValue.Members(Map.of("resources", new JsonValue.Items(resources)));
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException best) {
            // Who finds it next sees that nobody listens.
        }
    }
}
