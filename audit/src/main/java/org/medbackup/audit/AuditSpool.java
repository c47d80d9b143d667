package org.medbackup.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.medbackup.audit.files.Disk;
import org.medbackup.core.Entropy;
import org.medbackup.core.HostSeal;

/**
 * Records that wait until the trail can be written again, in one sealed file: 16 hexadecimal digits that name it, then for each
 * record the length of what follows (4 bytes, big-endian) and the sealed text. Durable on return. One process at a time uses
 * it, under {@link #exclusively}.
 */
final class AuditSpool {

    private static final int NAME = 16;

    /** A record of 65,535 bytes, sealed. */
    private static final int LONGEST = 70_000;

    /** What is done while nobody else uses the spool. */
    @FunctionalInterface
    interface Use<T> {
        T run() throws IOException;
    }

    /**
     * What waits.
     *
     * @param name of the spool
     * @param records in their order
     * @param lost bytes behind the last of them that are none: a write that was not finished, or damage
     */
    record Content(String name, List<String> records, long lost) {}

    private static final ReentrantLock INSIDE = new ReentrantLock();

    private final Path folder;
    private final Disk disk;
    private final HostSeal seal;
    private final Entropy entropy;
    private final long most;

    /**
     * @param most bytes that it may have
     */
    AuditSpool(Path folder, Disk disk, HostSeal seal, Entropy entropy, long most) {
        this.folder = folder;
        this.disk = disk;
        this.seal = seal;
        this.entropy = entropy;
        this.most = most;
    }

    private Path file() {
        return folder.resolve("waiting");
    }

    private Path begun() {
        return folder.resolve("begun");
    }

    boolean isEmpty() {
        return !Files.exists(file());
    }

    <T> T exclusively(Use<T> use) throws IOException {
        INSIDE.lock();
        try (FileChannel channel = disk.open(folder.resolve("lock"));
                FileLock _ = channel.lock()) {
            return use.run();
        } finally {
            INSIDE.unlock();
        }
    }

    /** Appends a record; false where there is no room for it. */
    boolean append(String record) throws IOException {
        if (isEmpty()) {
            Files.deleteIfExists(begun());
            byte[] name = HexFormat.of().formatHex(entropy.bytes(NAME / 2)).getBytes(StandardCharsets.US_ASCII);
            disk.writeWhole(folder.resolve("unfinished"), file(), name);
        }
        byte[] bytes = Files.readAllBytes(file());
        Read read = read(bytes);
        byte[] sealed = seal.seal(read.name() + "/" + read.records().size(), record.getBytes(StandardCharsets.UTF_8));
        if (read.end() + Integer.BYTES + sealed.length > most) {
            return false;
        }
        try (FileChannel channel = disk.open(file())) {
            ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + sealed.length);
            frame.putInt(sealed.length).put(sealed);
            disk.append(channel, read.end(), frame.array());
        }
        return true;
    }

    Content content() throws IOException {
        byte[] bytes = Files.readAllBytes(file());
        Read read = read(bytes);
        return new Content(read.name(), read.records(), bytes.length - read.end());
    }

    private record Read(String name, List<String> records, int end) {}

    private Read read(byte[] bytes) {
        var records = new ArrayList<String>();
        int end = Math.min(NAME, bytes.length);
        String name = new String(bytes, 0, end, StandardCharsets.US_ASCII);
        while (end + Integer.BYTES < bytes.length) {
            int length = ByteBuffer.wrap(bytes).getInt(end);
            int from = end + Integer.BYTES;
            if (length <= 0 || length > LONGEST || length > bytes.length - from) {
                break;
            }
            try {
                byte[] text = seal.open(name + "/" + records.size(), Arrays.copyOfRange(bytes, from, from + length));
                records.add(new String(text, StandardCharsets.UTF_8));
            } catch (GeneralSecurityException changed) {
                break;
            }
            end = from + length;
        }
        return new Read(name, records, end);
    }

    /**
     * Keeps how large the trail was when the spool began to be taken up, once, so that a second attempt finds what the first one
     * did.
     */
    long begin(long size) throws IOException {
        if (!Files.exists(begun())) {
            byte[] text = Long.toString(size).getBytes(StandardCharsets.US_ASCII);
            disk.writeWhole(folder.resolve("unfinished"), begun(), text);
        }
        return Long.parseLong(Files.readString(begun(), StandardCharsets.US_ASCII));
    }

    /** All of it stands in the trail. Bytes that were none are kept. */
    void takenUp(Content content) throws IOException {
        if (content.lost() > 0) {
            Files.move(file(), folder.resolve("damaged-" + content.name()), StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.delete(file());
        }
        Files.deleteIfExists(begun());
    }
}
