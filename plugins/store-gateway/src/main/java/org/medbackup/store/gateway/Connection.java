package org.medbackup.store.gateway;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Instant;
import java.util.OptionalLong;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/** The gateway's side of one connection. Used by one thread. */
final class Connection {

    private final ObjectStore store;
    private final DataInputStream in;
    private final DataOutputStream out;

    Connection(ObjectStore store, SocketChannel channel) {
        this.store = store;
        this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 1 << 16));
        this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16));
    }

    /** Answers requests until the other side ends. */
    void serve() throws IOException {
        Protocol.greet(out);
        Protocol.expectGreeting(in);
        for (int act = in.read(); act >= 0; act = in.read()) {
            String name = Protocol.readName(in, in.readUnsignedShort());
            try {
                answer(act, name);
            } catch (BackupException failure) {
                out.writeByte(word(failure.code()));
            }
            out.flush();
        }
    }

    private static int word(ErrorCode code) {
        return switch (code) {
            case OBJECT_MISSING -> Protocol.ABSENT;
            case NO_SPACE -> Protocol.FULL;
            default -> Protocol.FAILED;
        };
    }

    private void answer(int act, String name) throws IOException {
        switch (act) {
            case Protocol.PUT -> {
                long length = in.readLong();
                String tier = Protocol.readName(in, in.readUnsignedShort());
                put(name, length, tier, in.readLong());
            }
            case Protocol.READ -> read(name, in.readLong(), in.readInt());
            case Protocol.LENGTH -> length(name);
            case Protocol.LIST -> list(name);
            default -> {
                out.writeByte(Protocol.REFUSED);
                out.flush();
                throw new IOException("an act that does not exist");
            }
        }
    }

    private boolean isRefused(String name, boolean allowed) throws IOException {
        boolean refused = !allowed || !ObjectName.isName(name);
        if (refused) {
            out.writeByte(Protocol.REFUSED);
        }
        return refused;
    }

    private void put(String name, long length, String tier, long locked) throws IOException {
        boolean possible =
                length >= 0 && length <= Protocol.LONGEST_OBJECT && locked >= 0 && locked <= Protocol.LONGEST_LOCK;
        if (isRefused(name, WriterRules.mayAdd(name) && possible)) {
            return;
        }
        ObjectName object = ObjectName.of(name);
        if (store.length(object).isPresent()) {
            out.writeByte(Protocol.EXISTED);
            return;
        }
        out.writeByte(Protocol.SEND);
        out.flush();
        var content = new Received(length);
        PutOutcome outcome;
        try {
            outcome = store.putIfAbsent(object, content.kept(new Keeping(tier, Instant.ofEpochSecond(locked))));
        } finally {
            content.passOver();
        }
        out.writeByte(outcome == PutOutcome.CREATED ? Protocol.OK : Protocol.EXISTED);
    }

    /** The bytes of a put as they arrive. */
    private final class Received implements ObjectContent {

        private final long length;
        private long left;

        Received(long length) {
            this.length = length;
            this.left = length;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void writeTo(WritableByteChannel target) throws IOException {
            if (left < length) {
                throw new IOException("what has arrived once does not come again");
            }
            var buffer = new byte[1 << 16];
            while (left > 0) {
                int got = take(buffer);
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, got);
                while (bytes.hasRemaining()) {
                    target.write(bytes);
                }
            }
        }

        private int take(byte[] buffer) throws IOException {
            int got = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (got < 0) {
                throw new IOException("the other side ended in the middle of an object");
            }
            left -= got;
            return got;
        }

        /** Where the store took less than all, so that the next request is found. */
        void passOver() throws IOException {
            var buffer = new byte[1 << 16];
            while (left > 0) {
                take(buffer);
            }
        }
    }

    private void read(String name, long offset, int length) throws IOException {
        boolean bounded = offset >= 0 && length >= 0 && length <= Protocol.LONGEST_READ;
        if (isRefused(name, WriterRules.mayRead(name) && bounded)) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int got = store.read(ObjectName.of(name), offset, bytes);
        out.writeByte(Protocol.OK);
        out.writeInt(got);
        out.write(bytes.array(), 0, got);
    }

    private void length(String name) throws IOException {
        if (isRefused(name, WriterRules.mayMeasure(name))) {
            return;
        }
        OptionalLong length = store.length(ObjectName.of(name));
        if (length.isEmpty()) {
            out.writeByte(Protocol.ABSENT);
            return;
        }
        out.writeByte(Protocol.OK);
        out.writeLong(length.getAsLong());
    }

    private void list(String prefix) throws IOException {
        if (!WriterRules.mayList(prefix)) {
            out.writeByte(Protocol.REFUSED);
            return;
        }
        out.writeByte(Protocol.OK);
        try {
            store.list(prefix, info -> {
                try {
                    Protocol.writeName(out, info.name().text());
                    out.writeLong(info.length());
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            });
        } catch (UncheckedIOException gone) {
            throw new IOException("the other side does not take the list", gone);
        } catch (BackupException failure) {
            // The list has begun; only its sudden end tells that it is not whole.
            throw new IOException("the list cannot be read to its end", failure);
        }
        out.writeShort(0);
    }
}
