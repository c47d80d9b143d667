package org.medbackup.app.mariadb;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;

/**
 * Reads the stream of {@code mariadb-backup} on a thread of its own. InnoDB's data files are passed on as they come; all else
 * goes to the spool, so that the tool never waits for our storage while the server's commits wait for the tool.
 */
final class StreamReception implements AutoCloseable {

    /** Copied before anything is locked; the copies of tables that came meanwhile, {@code .new}, are not. */
    private static final Pattern DIRECT = Pattern.compile("(?:.*\\.ibd|(?:.*/)?ibdata\\d+|(?:.*/)?undo\\d+)");

    /** Sixteen slices: four megabytes. */
    private static final int QUEUED = 16;

    /** What the other thread gets. */
    sealed interface Piece {}

    record Begin(String path) implements Piece {}

    record Content(byte[] bytes) implements Piece {}

    record FileEnd() implements Piece {}

    /** Nothing more comes. */
    record Over(@Nullable IOException failure) implements Piece {}

    private final BlockingQueue<Piece> queue = new ArrayBlockingQueue<>(QUEUED);
    private final InputStream stream;
    private final Spool spool;
    private final Function<IOException, BackupException> meaning;
    private final Thread thread;

    private StreamReception(InputStream stream, Spool spool, Function<IOException, BackupException> meaning) {
        this.stream = stream;
        this.spool = spool;
        this.meaning = meaning;
        this.thread =
                Thread.ofPlatform().daemon().name("medbackup-mariadb-stream").unstarted(this::read);
    }

    /**
     * Begins to read.
     *
     * @param meaning makes of the end of the stream in the middle, or of a full spool, what the caller is told
     */
    static StreamReception start(InputStream stream, Spool spool, Function<IOException, BackupException> meaning) {
        var reception = new StreamReception(stream, spool, meaning);
        reception.thread.start();
        return reception;
    }

    private void read() {
        IOException failure = null;
        try {
            new Xbstream(stream).readTo(new Sorting());
            spool.close();
        } catch (IOException failed) {
            failure = failed;
        } catch (InterruptedException closed) {
            return;
        }
        try {
            queue.put(new Over(failure));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Sorting implements Xbstream.Taker {

        private final Map<String, Long> lengths = new HashMap<>();
        private @Nullable String current;

        @Override
        public void piece(String path, long offset, byte[] content) throws IOException, InterruptedException {
            long length = lengths.getOrDefault(path, 0L);
            if (offset != length) {
                throw new IOException("the stream of mariadb-backup has a gap in a file");
            }
            lengths.put(path, length + content.length);
            if (isDirect(path)) {
                begin(path);
                queue.put(new Content(content));
            } else {
                spool.append(path, content);
            }
        }

        @Override
        public void end(String path) throws IOException, InterruptedException {
            lengths.remove(path);
            if (isDirect(path)) {
                begin(path);
                current = null;
                queue.put(new FileEnd());
            } else {
                spool.end(path);
            }
        }

        /** One file at a time is passed on; the tool copies with one thread. */
        private void begin(String path) throws IOException, InterruptedException {
            if (current == null) {
                current = path;
                queue.put(new Begin(path));
            } else if (!current.equals(path)) {
                throw new IOException("the stream of mariadb-backup mixes its data files");
            }
        }
    }

    private static boolean isDirect(String path) {
        return DIRECT.matcher(path).matches();
    }

    /**
     * The path of the next file whose content is passed on; null at the end of the stream.
     *
     * @throws BackupException what the failure of the stream means
     */
    @Nullable
    String nextFile() throws InterruptedException {
        return switch (queue.take()) {
            case Begin begin -> begin.path();
            case Over last -> {
                if (last.failure() != null) {
                    throw meaning.apply(last.failure());
                }
                yield null;
            }
            default -> throw meaning.apply(new IOException("a file was not read to its end"));
        };
    }

    /** What is passed on of one file, after its {@link Begin}. */
    InputStream content() {
        return new FileContent();
    }

    private final class FileContent extends InputStream {

        private byte[] slice = {};
        private int at;
        private boolean over;

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (!over && at == slice.length) {
                advance();
            }
            if (over) {
                return -1;
            }
            int count = Math.min(length, slice.length - at);
            System.arraycopy(slice, at, target, offset, count);
            at += count;
            return count;
        }

        private void advance() throws IOException {
            try {
                switch (queue.take()) {
                    case Content content -> {
                        slice = content.bytes();
                        at = 0;
                    }
                    case FileEnd() -> over = true;
                    case Over last ->
                        throw meaning.apply(
                                last.failure() == null ? new EOFException("a file has no end") : last.failure());
                    case Begin begin -> throw meaning.apply(new IOException("the stream is out of order"));
                }
            } catch (InterruptedException cancelled) {
                Thread.currentThread().interrupt();
                throw new ClosedByInterruptException();
            }
        }
    }

    /** Stops reading. The program must have been ended before. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
