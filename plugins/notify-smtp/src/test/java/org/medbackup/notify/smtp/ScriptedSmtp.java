package org.medbackup.notify.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A mail server that answers as a script says, for what a real one does not do on demand. One connection at a time. */
final class ScriptedSmtp implements AutoCloseable {

    private final ServerSocket server;
    private final Map<String, String> script;
    private final @Nullable SSLContext tls;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private ScriptedSmtp(ServerSocket server, Map<String, String> script, @Nullable SSLContext tls) {
        this.server = server;
        this.script = Map.copyOf(script);
        this.tls = tls;
        Thread.ofVirtual().start(this::serve);
    }

    /**
     * Starts one.
     *
     * @param script the reply to lines that begin so, {@code HELLO} for the greeting and {@code BODY} for the mail; an empty
     *     one ends the connection
     * @param tls for STARTTLS, which is not offered without it
     */
    static ScriptedSmtp start(Map<String, String> script, @Nullable SSLContext tls) {
        try {
            return new ScriptedSmtp(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), script, tls);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** What it was told, outside of TLS and inside. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    private void serve() {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    talk(socket, false);
                } catch (IOException ended) {
                    if (server.isClosed()) {
                        return;
                    }
                }
            }
        } catch (RuntimeException broken) {
            lines.add("broken: " + broken);
        }
    }

    private String reply(String line, String otherwise) {
        return script.entrySet().stream()
                .filter(entry -> line.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }

    private void talk(Socket socket, boolean secured) throws IOException {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
        if (!secured) {
            say(socket, reply("HELLO", "220 test"));
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            lines.add(line);
            if (line.equals("STARTTLS") && tls != null) {
                say(socket, "220 go on");
                var secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, false);
                talk(secure, true);
                return;
            }
            String reply = reply(line, usual(line, secured));
            say(socket, reply);
            if (reply.startsWith("354")) {
                for (String text = in.readLine(); text != null && !text.equals("."); text = in.readLine()) {
                    lines.add(text);
                }
                say(socket, reply("BODY", "250 2.0.0 Ok: queued as 4711"));
            }
        }
    }

    private String usual(String line, boolean secured) {
        return switch (line.split(" ", 2)[0]) {
            case "EHLO" -> ehlo(secured);
            case "AUTH" -> "235 ok";
            case "DATA" -> "354 go on";
            default -> "250 ok";
        };
    }

    private String ehlo(boolean secured) {
        return tls != null && !secured ? "250-test\r\n250 STARTTLS" : "250-test\r\n250 AUTH PLAIN";
    }

    private static void say(Socket socket, String reply) throws IOException {
        if (reply.isEmpty()) {
            socket.close();
            throw new IOException("the script ends here");
        }
        socket.getOutputStream().write((reply + "\r\n").getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
