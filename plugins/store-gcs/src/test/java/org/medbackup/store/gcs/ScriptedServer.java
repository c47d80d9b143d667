package org.medbackup.store.gcs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;

/** An HTTP server that gives the answers of a script, one a request, and then closes the connection. */
final class ScriptedServer implements AutoCloseable {

    /** The connection is closed without an answer. */
    static final String CUT = "";

    private final ServerSocket socket;
    private final Queue<String> answers = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> heads = new ArrayList<>();

    ScriptedServer(String... script) throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        answers.addAll(List.of(script));
        Thread.ofVirtual().start(this::serve);
    }

    static String answer(int status, String body, String... headers) {
        var text = new StringBuilder("HTTP/1.1 " + status + " Scripted\r\nConnection: close\r\n");
        boolean hasLength = false;
        for (String header : headers) {
            text.append(header).append("\r\n");
            hasLength |= header.startsWith("Content-Length");
        }
        if (!hasLength) {
            text.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return text.append("\r\n").append(body).toString();
    }

    static String error(int status, String reason) {
        return error(status, reason, "canary-message");
    }

    static String error(int status, String reason, String message) {
        return answer(
                status,
                "{\"error\":{\"code\":" + status + ",\"message\":\"" + message
                        + "\",\"errors\":[{\"domain\":\"global\",\"reason\":\"" + reason + "\",\"message\":\"" + message
                        + "\"}]}}",
                "Content-Type: application/json");
    }

    String endpoint() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** Method and path of what was asked. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** A header of what was asked, empty where it has none of that name. */
    synchronized String header(int request, String name) {
        return heads.get(request)
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                String head = read(new BufferedInputStream(connection.getInputStream()));
                String answer;
                synchronized (this) {
                    heads.add(head);
                    requests.add(head.lines().findFirst().orElse("").replace(" HTTP/1.1", ""));
                    answer = answers.isEmpty() ? CUT : answers.remove();
                }
                connection.getOutputStream().write(answer.getBytes(ISO_8859_1));
            } catch (IOException cut) {
                // The client went away, or the server is closed.
            }
        }
    }

    private static String read(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int got = in.read();
            if (got < 0) {
                return "";
            }
            head.append((char) got);
        }
        long length = head.toString()
                .toLowerCase(Locale.ROOT)
                .lines()
                .filter(line -> line.startsWith("content-length:"))
                .mapToLong(line -> Long.parseLong(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        in.readNBytes((int) length);
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
