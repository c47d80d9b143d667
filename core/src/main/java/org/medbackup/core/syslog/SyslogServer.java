package org.medbackup.core.syslog;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of syslog over TLS (RFC 5425), or over plain TCP in the same frames (RFC 6587, 3.4.1). Safe for use by several
 * threads.
 *
 * <p>The protocol has no answers. So some messages have a connection of their own, which is ended in good order: we say that
 * nothing more comes and wait until the receiver ends it too. One that ends it has read all that came before; one that has
 * died meanwhile resets it or says nothing.
 *
 * @param tls null speaks in the clear
 */
public record SyslogServer(String host, int port, @Nullable SSLSocketFactory tls) {

    /** Where receivers over TLS listen (RFC 5425, 4.1). */
    public static final int OVER_TLS = 6514;

    /**
     * Hands messages over, in their order. Returns only where the receiver has read all of them. Waits as long as the receiver
     * takes: who calls it bounds that by an interrupt of a virtual thread.
     *
     * @param messages without frames
     * @throws IOException where it is not known whether it has read them
     */
    public void hand(List<byte[]> messages) throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 16_384);
            for (byte[] each : messages) {
                out.write(SyslogMessage.framed(each));
            }
            out.flush();
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // Nothing of it means anything (RFC 5425 has no answers); its end does.
            }
        }
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
}
