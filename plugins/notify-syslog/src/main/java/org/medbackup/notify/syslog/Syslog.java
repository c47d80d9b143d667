package org.medbackup.notify.syslog;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.notify.common.ChannelOptions;
import org.medbackup.notify.common.LostConnection;
import org.medbackup.notify.common.TimeLimit;

/**
 * Messages of RFC 5424 over TLS (RFC 5425), or over plain TCP in the same frames (RFC 6587, 3.4.1).
 *
 * <p>The protocol has no answers. So each message has a connection of its own, which is ended in good order: we say that
 * nothing more comes and wait until the receiver ends it too. One that ends it has read all that came before; one that has
 * died meanwhile resets it or says nothing.
 */
final class Syslog implements NotificationChannel {

    private static final int OVER_TLS = 6514;
    private static final int CLEAR = 514;
    private static final Map<String, Integer> FACILITIES = facilities();

    private final String host;
    private final int port;
    private final Duration limit;
    private final int facility;
    private final int bytes;
    private final @Nullable SSLSocketFactory tls;

    Syslog(ChannelOptions options) {
        URI server = options.server();
        boolean clear = options.isClear();
        this.host = server.getHost();
        this.port = options.port(clear ? CLEAR : OVER_TLS);
        this.limit = options.limit();
        this.facility = FACILITIES.getOrDefault(options.word("facility", "local0", FACILITIES.keySet()), 0);
        this.bytes = options.number("bytes", 8192, 480, 65_536);
        this.tls = clear ? null : factory(options.authorities());
    }

    private static Map<String, Integer> facilities() {
        Map<String, Integer> facilities = new TreeMap<>(Map.of("user", 1, "daemon", 3));
        for (int i = 0; i < 8; i++) {
            facilities.put("local" + i, 16 + i);
        }
        return Map.copyOf(facilities);
    }

    private static SSLSocketFactory factory(@Nullable SSLContext authorities) {
        return authorities == null ? (SSLSocketFactory) SSLSocketFactory.getDefault() : authorities.getSocketFactory();
    }

    @Override
    public String description() {
        return "syslog at " + host + ":" + port + (tls == null ? " without TLS" : "");
    }

    @Override
    public String send(Notification notification) {
        byte[] message = Message.of(notification, facility, bytes);
        return TimeLimit.within(limit, () -> {
            try (Socket socket = connect()) {
                hand(message, socket);
                return "";
            } catch (IOException failed) {
                throw LostConnection.as(failed);
            }
        });
    }

    private Socket connect() throws IOException {
        var plain = new Socket();
        try {
            var address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new UnknownHostException("the name of the server is not known");
            }
            plain.connect(address);
            return tls == null ? plain : secured(tls, plain);
        } catch (IOException failed) {
            plain.close();
            throw failed;
        }
    }

    private Socket secured(SSLSocketFactory factory, Socket plain) throws IOException {
        var socket = (SSLSocket) factory.createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        // RFC 5425, 5.2: the name of the certificate is the server's.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static void hand(byte[] message, Socket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(Message.framed(message));
        out.flush();
        socket.shutdownOutput();
        InputStream in = socket.getInputStream();
        while (in.read() >= 0) {
            // Nothing of it means anything (RFC 5425 has no answers); its end does.
        }
    }

    @Override
    public void close() {
        // Each message has closed its connection.
    }
}
