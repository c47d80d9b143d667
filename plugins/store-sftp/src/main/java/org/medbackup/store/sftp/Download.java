package org.medbackup.store.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.throttle.Throttle;

/** Reads ranges of a file: the pieces of what the throttle grants are asked for at once. For one thread. */
final class Download {

    /** At most so many bytes are asked for at once. */
    private static final int WINDOW = 64 * SftpSession.PIECE;

    private final SftpSession session;
    private final byte[] handle;
    private final Throttle throttle;

    Download(SftpSession session, byte[] handle, Throttle throttle) {
        this.session = session;
        this.handle = handle;
        this.throttle = throttle;
    }

    /** Fills a buffer, or as much of it as the file holds; gives how many bytes that were. */
    int fill(ByteBuffer target, long offset) throws IOException {
        int done = 0;
        while (target.hasRemaining()) {
            var demand = Throttle.Demand.of(Throttle.Resource.NETWORK_INGRESS, Math.min(WINDOW, target.remaining()));
            try (Throttle.Permit permit = throttle.acquire(demand)) {
                int wanted = (int) permit.amount();
                int got = range(target, offset + done, wanted);
                permit.commit(got);
                done += got;
                if (got < wanted) {
                    break;
                }
            }
        }
        return done;
    }

    /** Closes a file, where the conversation goes on. */
    static void close(SftpSession session, byte[] handle) throws IOException {
        if (session.isUsable()) {
            session.close(handle);
        }
    }

    private int range(ByteBuffer target, long offset, int wanted) throws IOException {
        try {
            return pieces(target, offset, wanted);
        } catch (IOException failed) {
            // Answers are still to come, for which nobody will ask.
            session.spoil();
            throw failed;
        }
    }

    private int pieces(ByteBuffer target, long offset, int wanted) throws IOException {
        int count = (wanted + SftpSession.PIECE - 1) / SftpSession.PIECE;
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = session.ask(handle, offset + (long) i * SftpSession.PIECE, length(i, wanted));
        }
        int done = 0;
        boolean ended = false;
        for (int i = 0; i < count; i++) {
            int length = length(i, wanted);
            byte[] bytes = session.piece(ids[i], length);
            if (ended) {
                // The answers behind the end of the file; all have to be taken.
                continue;
            }
            int got = put(target, bytes);
            while (bytes != null && got < length) {
                // A server may give less than it was asked for.
                bytes = session.piece(session.ask(handle, offset + done + got, length - got), length - got);
                got += put(target, bytes);
            }
            done += got;
            ended = bytes == null;
        }
        return done;
    }

    private static int length(int index, int wanted) {
        return Math.min(SftpSession.PIECE, wanted - index * SftpSession.PIECE);
    }

    private static int put(ByteBuffer target, byte @Nullable [] bytes) {
        if (bytes == null) {
            return 0;
        }
        target.put(bytes);
        return bytes.length;
    }
}
