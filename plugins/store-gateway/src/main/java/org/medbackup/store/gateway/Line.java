package org.medbackup.store.gateway;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** The client's side of one connection. Used by one thread at a time. */
final class Line implements AutoCloseable {

    final DataInputStream in;
    final DataOutputStream out;
    private final SocketChannel channel;

    private Line(SocketChannel channel) {
        this.channel = channel;
        this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 1 << 16));
        this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16));
    }

    static Line open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        try {
            var line = new Line(channel);
            Protocol.expectGreeting(line.in);
            Protocol.greet(line.out);
            return line;
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    void request(int act, String name) throws IOException {
        out.writeByte(act);
        Protocol.writeName(out, name);
    }

    /** Sends what was written, and gives the word of the answer. */
    int answer() throws IOException {
        out.flush();
        return in.readUnsignedByte();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
