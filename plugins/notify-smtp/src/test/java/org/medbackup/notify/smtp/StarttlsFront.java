package org.medbackup.notify.smtp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** STARTTLS (RFC 3207) before a mail server that does not know it: what is said inside of TLS is that server's matter. */
final class StarttlsFront implements AutoCloseable {

    private final ServerSocket server;
    private final SSLContext tls;
    private final int behind;

    private StarttlsFront(ServerSocket server, SSLContext tls, int behind) {
        this.server = server;
        this.tls = tls;
        this.behind = behind;
        Thread.ofVirtual().start(this::serve);
    }

    static StarttlsFront start(SSLContext tls, int behind) {
        try {
            return new StarttlsFront(new ServerSocket(0, 20, InetAddress.getLoopbackAddress()), tls, behind);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve() {
        try {
            while (true) {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> talk(client));
            }
        } catch (IOException closed) {
            // The end of this server.
        }
    }

    private void talk(Socket client) {
        try (client;
                Socket mail = new Socket(InetAddress.getLoopbackAddress(), behind)) {
            line(mail.getInputStream());
            say(client, "220 front");
            String said = line(client.getInputStream());
            while (!said.equals("STARTTLS")) {
                say(client, said.startsWith("EHLO") ? "250-front\r\n250 STARTTLS" : "530 5.7.0 STARTTLS first");
                said = line(client.getInputStream());
            }
            say(client, "220 go on");
            var secure = (SSLSocket) tls.getSocketFactory().createSocket(client, null, false);
            Thread.ofVirtual().start(() -> pipe(mail, secure));
            secure.getInputStream().transferTo(mail.getOutputStream());
        } catch (IOException ended) {
            // The client's matter.
        }
    }

    private static void pipe(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            // The client's matter.
        }
    }

    /** Byte by byte, since what follows may be TLS. */
    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("ended");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static void say(Socket socket, String reply) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((reply + "\r\n").getBytes(US_ASCII));
        out.flush();
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
