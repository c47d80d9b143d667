package org.medbackup.store.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * Content that goes in blocks, several at once, each with its sum. Nothing of it is visible before {@link #list} is
 * committed; the target drops what never is after a week.
 *
 * <p>Ids of blocks are random: of two writers of one name neither can commit a block of the other's.
 */
final class Blocks implements AutoCloseable {

    /** Bytes of a block; what is no longer goes whole. */
    static final int LENGTH = 4 << 20;
    /** So many are in memory, one of them being filled. */
    private static final int AT_ONCE = 4;

    private static final int ID = 16;

    private final Wire wire;
    private final URI object;
    private final Throttle throttle;
    private final byte[] id;
    private final MessageDigest sum = Sums.begin();
    private final List<String> names = new ArrayList<>();
    private final Deque<Future<byte[]>> sent = new ArrayDeque<>();
    private final List<Throttle.Room> rooms = new ArrayList<>();
    private int buffers = 1;
    private byte[] filling = new byte[LENGTH];
    private int filled;
    private long length;

    Blocks(Wire wire, URI object, Throttle throttle, Entropy entropy) {
        this.wire = wire;
        this.object = object;
        this.throttle = throttle;
        this.id = entropy.bytes(ID);
    }

    /** Sends a content; once this returns, the target has all its blocks. */
    void send(ObjectContent content) {
        try {
            content.writeTo(new Cutting());
        } catch (IOException failed) {
            throw ErrorCode.STORE_UNAVAILABLE.because("the content could not be read", failed);
        }
        if (length != content.length()) {
            throw ErrorCode.STORE_UNAVAILABLE.because("the content is not as long as it says");
        }
        dispatch();
        while (!sent.isEmpty()) {
            await();
        }
    }

    /** The sum of all of it, in base 64; to be asked for once. */
    String sum() {
        return Sums.end(sum);
    }

    /** What is to be committed. */
    byte[] list() {
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        names.forEach(name -> xml.append("<Uncommitted>").append(name).append("</Uncommitted>"));
        return xml.append("</BlockList>").toString().getBytes(UTF_8);
    }

    private final class Cutting implements WritableByteChannel {

        @Override
        public int write(ByteBuffer source) {
            int written = source.remaining();
            length += written;
            sum.update(source.duplicate());
            while (source.hasRemaining()) {
                if (filled == LENGTH) {
                    dispatch();
                    filling = free();
                }
                int part = Math.min(LENGTH - filled, source.remaining());
                source.get(filling, filled, part);
                filled += part;
            }
            return written;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private void dispatch() {
        byte[] bytes = filling;
        int part = filled;
        filled = 0;
        // Ids of one object are all of one length.
        String name = Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(ID + 4).put(id).putInt(names.size()).array());
        names.add(name);
        sent.add(wire.threads().submit(() -> {
            put(name, bytes, part);
            return bytes;
        }));
    }

    private void put(String name, byte[] bytes, int part) {
        Ask ask = new Ask("PUT", object)
                .query("comp", "block")
                .query("blockid", name)
                .header("content-md5", Sums.of(bytes, part));
        try (Answer answer = wire.send(ask, Body.of(bytes, part))) {
            if (!answer.isSuccess()) {
                throw Failures.of(answer, "put");
            }
        } catch (IOException unanswered) {
            throw Failures.unanswered(unanswered, "put");
        }
    }

    /** A buffer to be filled: a new one where there may be another, else that of the first block that is answered. */
    private byte[] free() {
        if (buffers < AT_ONCE) {
            Throttle.@Nullable Room room = throttle.roomNow(LENGTH);
            if (room != null) {
                rooms.add(room);
                buffers++;
                return new byte[LENGTH];
            }
        }
        return await();
    }

    private byte[] await() {
        try {
            return sent.remove().get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.because("interrupted while working with the target");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof BackupException known) {
                throw known;
            }
            throw new IllegalStateException("a block could not be sent", failed.getCause());
        }
    }

    /** Ends what is still being sent. */
    @Override
    public void close() {
        sent.forEach(each -> each.cancel(true));
        rooms.forEach(Throttle.Room::close);
    }
}
