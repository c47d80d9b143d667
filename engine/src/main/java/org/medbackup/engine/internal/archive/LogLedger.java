package org.medbackup.engine.internal.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.medbackup.engine.internal.RepositoryCore;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.log.LocalState;

/**
 * Which log files this machine has stored, and with what content: a writer's key cannot ask the repository. A file of the
 * state folder to which records are appended; they hold keyed digests and no names.
 *
 * <pre>
 * state u8 (1 about to be stored, 2 stored), HMAC of the name 32 bytes, HMAC of name and content's digest 32 bytes,
 * CRC: first 4 bytes of the HMAC of the 65 bytes before
 * </pre>
 *
 * <p>While it is open no other process has it. Used by one thread.
 */
public final class LogLedger implements AutoCloseable {

    private static final int RECORD = 1 + 2 * Crypto.KEY + 4;
    private static final byte INTENDED = 1;
    private static final byte STORED = 2;
    private static final String LABEL = "mb/log-ledger/v1";

    /** A file lock holds off other processes only. */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final FileChannel channel;
    private final FileLock lock;
    private final ReentrantLock threads;
    private final byte[] key;
    private final boolean fresh;
    private final Map<String, Known> known = new HashMap<>();

    private record Known(byte state, byte[] content) {}

    private LogLedger(FileChannel channel, ReentrantLock threads, byte[] key) throws IOException {
        this.channel = channel;
        this.threads = threads;
        this.key = key;
        this.lock = channel.lock();
        this.fresh = channel.size() == 0;
        read();
    }

    /** What is known of a file. */
    public enum Finding {
        NEW,
        SAME,
        DIFFERENT
    }

    /**
     * Opens the ledger of a source; waits while another thread or process has it.
     *
     * @param source of the restore points that hold the log
     */
    public static LogLedger open(RepositoryCore core, String source) {
        byte[] key = core.context()
                .hostKey()
                .use(host -> Crypto.hkdf(host, core.keys().repository(), LABEL));
        String name = HexFormat.of().formatHex(Arrays.copyOf(Crypto.hmac(key, "source:" + source), 16));
        Path file = core.context()
                .stateFolder()
                .toAbsolutePath()
                .resolve("logs")
                .resolve(core.id())
                .resolve(name);
        ReentrantLock threads = THREADS.computeIfAbsent(file, _ -> new ReentrantLock());
        threads.lock();
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return new LogLedger(channel, threads, key);
        } catch (IOException failed) {
            threads.unlock();
            throw unusable(failed);
        }
    }

    private static RuntimeException unusable(IOException cause) {
        return LocalState.unusable("the list of stored log files", cause);
    }

    private void read() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (all.hasRemaining() && channel.read(all, all.position()) >= 0) {
            // Reads on.
        }
        byte[] bytes = all.array();
        int at = 0;
        for (; at + RECORD <= all.position(); at += RECORD) {
            byte[] record = Arrays.copyOfRange(bytes, at, at + RECORD);
            if (!Arrays.equals(check(record), Arrays.copyOfRange(record, RECORD - 4, RECORD))) {
                break;
            }
            remember(record);
        }
        // What a crash has left half written was not reported as stored.
        channel.truncate(at);
    }

    private byte[] check(byte[] record) {
        return Arrays.copyOf(Crypto.hmac(key, Arrays.copyOf(record, RECORD - 4)), 4);
    }

    private void remember(byte[] record) {
        String name = HexFormat.of().formatHex(record, 1, 1 + Crypto.KEY);
        known.put(name, new Known(record[0], Arrays.copyOfRange(record, 1 + Crypto.KEY, 1 + 2 * Crypto.KEY)));
    }

    /** Whether nothing was in it: this machine has stored none yet, or has lost its memory. */
    public boolean isFresh() {
        return fresh;
    }

    private byte[] name(String name) {
        return Crypto.hmac(key, "name:" + name);
    }

    private byte[] content(String name, String sha256) {
        return Crypto.hmac(key, "content:" + sha256 + ":" + name);
    }

    /** What is known of a file. A file that was about to be stored when a process died is new with the same content. */
    public Finding find(String name, String sha256) {
        Known before = known.get(HexFormat.of().formatHex(name(name)));
        if (before == null) {
            return Finding.NEW;
        }
        if (!Arrays.equals(before.content(), content(name, sha256))) {
            return Finding.DIFFERENT;
        }
        return before.state() == STORED ? Finding.SAME : Finding.NEW;
    }

    /** Notes that files are about to be stored: names and digests. */
    public void intend(Map<String, String> files) {
        append(INTENDED, files);
    }

    /** Notes that files are stored. */
    public void stored(Map<String, String> files) {
        append(STORED, files);
    }

    private void append(byte state, Map<String, String> files) {
        ByteBuffer records = ByteBuffer.allocate(RECORD * files.size());
        files.forEach((name, sha256) -> {
            ByteBuffer record = ByteBuffer.allocate(RECORD);
            record.put(state).put(name(name)).put(content(name, sha256));
            record.put(check(record.array()));
            remember(record.array());
            records.put(record.array());
        });
        try {
            records.flip();
            for (long at = channel.size(); records.hasRemaining(); ) {
                at += channel.write(records, at);
            }
            channel.force(true);
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    @Override
    public void close() {
        try (channel) {
            lock.release();
        } catch (IOException failed) {
            throw unusable(failed);
        } finally {
            threads.unlock();
        }
    }
}
