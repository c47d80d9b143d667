package org.medbackup.store.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being written: pieces are sent without waiting for the answer to each. What is written is summed up. For
 * one thread.
 */
final class Upload implements WritableByteChannel {

    /** So many pieces may be unanswered. */
    private static final int WINDOW = 64;

    private final SftpSession session;
    private final byte[] handle;
    private final Deque<Integer> unanswered = new ArrayDeque<>();
    private final CRC32C sum = new CRC32C();
    private final byte[] piece = new byte[SftpSession.PIECE];
    private int filled;
    private long sent;
    private @Nullable IOException failure;

    Upload(SftpSession session, byte[] handle) {
        this.session = session;
        this.handle = handle;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int written = source.remaining();
        sum.update(source.duplicate());
        while (source.hasRemaining()) {
            int part = Math.min(piece.length - filled, source.remaining());
            source.get(piece, filled, part);
            filled += part;
            if (filled == piece.length) {
                send();
            }
        }
        return written;
    }

    private void send() throws IOException {
        try {
            unanswered.add(session.write(handle, sent, piece, filled));
            sent += filled;
            filled = 0;
            while (unanswered.size() >= WINDOW) {
                session.written(unanswered.remove());
            }
        } catch (IOException failed) {
            failure = failed;
            throw failed;
        }
    }

    /** Sends what is left, and waits until all of it was written. */
    void finish() throws IOException {
        if (filled > 0) {
            send();
        }
        while (!unanswered.isEmpty()) {
            session.written(unanswered.remove());
        }
    }

    /** Waits for the answers that are still to come, whatever they are, so that the conversation can go on. */
    void abandon() throws IOException {
        filled = 0;
        while (!unanswered.isEmpty() && session.isUsable()) {
            try {
                session.written(unanswered.remove());
            } catch (org.apache.sshd.sftp.common.SftpException likeTheOthers) {
                // The first of them was told already.
            }
        }
    }

    /** What failed of the writing itself; null where it was the content that failed. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** Bytes that came. */
    long length() {
        return sent + filled;
    }

    /** CRC-32C of them. */
    long sum() {
        return sum.getValue();
    }

    @Override
    public boolean isOpen() {
        return session.isUsable();
    }

    /** The store closes the file. */
    @Override
    public void close() {}
}
