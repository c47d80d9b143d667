package org.medbackup.service;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.Facts;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;
import org.medbackup.service.Operations.Ending;

/** The commands that run on this state folder: what they use, and other limits for them. Safe for use by several threads. */
public final class RunningCommands {

    private final Path folder;
    private final Actor actor;
    private final Operations operations;

    RunningCommands(Path state, Actor actor, Operations operations) {
        this.actor = actor;
        this.folder = state.resolve(ControlSocket.FOLDER);
        this.operations = operations;
    }

    /**
     * A command that runs.
     *
     * @param process its number
     * @param resources what it uses
     */
    public record Running(long process, List<Governor.Usage> resources) {}

    /** What runs and what it uses; empty where nothing does. */
    public List<Running> status() {
        return ask(Map.of("do", new JsonValue.Text("status")));
    }

    /**
     * Changes the limits of all that runs.
     *
     * @throws org.medbackup.core.error.UsageException where nothing runs
     */
    public List<Running> set(Limits limits) {
        return operations.run(
                "governor-set",
                Facts.of("limits", limits),
                log -> {
                    List<JsonValue> texts = new ArrayList<>();
                    limits.texts().forEach(text -> texts.add(new JsonValue.Text(text)));
                    List<Running> running = ask(Map.of(
                            "do", new JsonValue.Text("set"),
                            "limits", new JsonValue.Items(texts),
                            "by", new JsonValue.Text(actor.name())));
                    if (running.isEmpty()) {
                        throw ErrorCode.NOTHING_RUNNING.because("no command of this state folder has a socket");
                    }
                    return running;
                },
                running -> Ending.success(Facts.of("commands", running.size())));
    }

    /** Asks a command to end; it ends as if it had been told to by SIGINT. */
    public void cancel(long process) {
        operations.run(
                "cancel",
                Facts.of("process", process),
                log -> {
                    Path socket = folder.resolve(ControlSocket.fileName(process));
                    Running asked = ask(socket, Map.of("do", new JsonValue.Text("cancel")));
                    if (asked == null) {
                        throw ErrorCode.NOTHING_RUNNING.because("process " + process + " is no command that runs here");
                    }
                    return asked;
                },
                asked -> Ending.success(Facts.NONE));
    }

    private List<Running> ask(Map<String, JsonValue> request) {
        List<Running> running = new ArrayList<>();
        for (Path socket : sockets()) {
            Running answer = ask(socket, request);
            if (answer != null) {
                running.add(answer);
            }
        }
        return running;
    }

    private List<Path> sockets() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d+\\.sock"))
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("its sockets cannot be listed", failed);
        }
    }

    /** What a command answers, or null where it has ended. */
    private @Nullable Running ask(Path socket, Map<String, JsonValue> request) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ControlSocket.writeLine(channel, new JsonValue.Members(request));
            JsonValue.Members answer = Json.parseMembers(ControlSocket.readLine(channel));
            return new Running(ControlSocket.process(socket), usages(answer));
        } catch (IOException | JsonException ended) {
            remove(socket);
            return null;
        }
    }

    private static List<Governor.Usage> usages(JsonValue.Members answer) {
        List<Governor.Usage> usages = new ArrayList<>();
        for (JsonValue item : answer.items("resources")) {
            if (item instanceof JsonValue.Members resource) {
                String limitedBy =
                        resource.find("limitedBy").orElse(null) instanceof JsonValue.Text text ? text.value() : null;
                usages.add(new Governor.Usage(
                        resource.text("name"), resource.whole("limit"), resource.whole("usage"), 0, limitedBy));
            }
        }
        return usages;
    }

    /** A socket on which nobody listens is what a killed command left behind. */
    private static void remove(Path socket) {
        try {
            if (ProcessHandle.of(ControlSocket.process(socket)).isEmpty()) {
                Files.deleteIfExists(socket);
            }
        } catch (IOException best) {
            // It is passed over.
        }
    }
}
