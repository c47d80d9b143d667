package org.medbackup.engine.internal.scan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.SegmentCipher;
import org.medbackup.engine.internal.log.LocalState;
import org.medbackup.engine.internal.tree.Page;

/**
 * Writes a scan cache: records in the order of the paths, sealed piece by piece under a key of this host, since they hold
 * names. Written beside the old one, which it replaces only when the restore point is committed. Not safe for use by
 * several threads.
 *
 * <pre>
 * "MBSC", version u8, reserved 3 bytes, salt 32 bytes; then pieces of 64 KiB plain text, each AES-256-GCM
 * </pre>
 */
public final class ScanCacheWriter implements AutoCloseable {

    static final String MAGIC = "MBSC";
    static final int HEADER = 40;
    static final String LABEL = "mb/scan/v1";
    /** Above the three flags of an entry stands the number of its kind, which has five bits. */
    static final int KIND = 3;

    static final int ENTRY = 1;
    static final int PART = 2;
    static final int END = 3;
    static final int FINISH = 4;
    static final int FACTS = 5;

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final SegmentCipher cipher;
    private final byte[] context;
    private final ByteWriter plain = new ByteWriter(2 * SegmentCipher.SEGMENT);
    private final byte[] sealed = new byte[SegmentCipher.SEGMENT + SegmentCipher.TAG];
    private byte[] previous = new byte[0];
    private long pieces;

    /** Begins a cache that will stand at a path. */
    public ScanCacheWriter(Path target, byte[] hostKey, CacheHeader header, Entropy entropy) {
        this.target = target;
        this.temporary = target.resolveSibling(".tmp-" + UUID.randomUUID());
        byte[] salt = entropy.bytes(Crypto.KEY);
        this.cipher = new SegmentCipher(Crypto.hkdf(hostKey, salt, LABEL));
        var head = new ByteWriter(HEADER);
        head.raw(MAGIC.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .u32(1)
                .raw(salt);
        this.context = head.toBytes();
        try {
            Files.createDirectories(
                    folder(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            channel = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            channel.write(ByteBuffer.wrap(context));
        } catch (IOException failed) {
            throw unusable(failed);
        }
        header.encode(plain);
    }

    private Path folder() {
        Path parent = target.getParent();
        return parent == null ? Path.of(".") : parent;
    }

    static RuntimeException unusable(IOException cause) {
        return LocalState.unusable("the scan cache", cause);
    }

    /** Adds a record. */
    public void add(CacheRecord record) {
        switch (record) {
            case CacheRecord.Entry entry -> entry(entry);
            case CacheRecord.Part part -> {
                plain.u8(PART);
                var body = new ByteWriter(part.part().blocks().length
                        + part.part().sums().length
                        + 48 * part.part().extents().size()
                        + 32);
                part.part().encode(body);
                plain.varint(body.length()).raw(body.array(), 0, body.length());
            }
            case CacheRecord.End end ->
                plain.u8(END).varint(end.size()).u32(end.crc() & 0xffffffffL).u8(end.reusable() ? 1 : 0);
            case CacheRecord.Facts facts -> {
                var body = new ByteWriter(1024);
                facts.evidence().forEach((name, value) -> body.text(name).text(value));
                plain.u8(FACTS).varint(body.length()).raw(body.array(), 0, body.length());
            }
            case CacheRecord.Finish finish -> plain.u8(FINISH).raw(finish.manifest());
        }
        drain(false);
    }

    private void entry(CacheRecord.Entry entry) {
        PathBytes path = entry.path();
        byte[] key = path.bytes();
        plain.u8(ENTRY);
        var body = new ByteWriter(128);
        Page.writePath(body, previous, key);
        int bits = (entry.ancestor() ? 1 : 0) | (entry.large() ? 2 : 0) | (entry.pages() ? 4 : 0);
        bits |= entry.kind().number() << KIND;
        body.u8(entry.type().code()).u8(bits).varint(entry.size()).u32(entry.crc() & 0xffffffffL);
        body.bytes(entry.attributes());
        CachedPart.encodeExtents(entry.extents(), body);
        plain.varint(body.length()).raw(body.array(), 0, body.length());
        previous = key;
    }

    private void drain(boolean last) {
        int at = 0;
        while (plain.length() - at >= SegmentCipher.SEGMENT || last && at < plain.length()) {
            int count = Math.min(SegmentCipher.SEGMENT, plain.length() - at);
            byte[] piece = java.util.Arrays.copyOfRange(plain.array(), at, at + count);
            at += count;
            boolean end = last && at == plain.length();
            int length = cipher.sealSegment(0, pieces++, end, context, piece, count, sealed);
            write(length);
        }
        if (at > 0) {
            byte[] rest = java.util.Arrays.copyOfRange(plain.array(), at, plain.length());
            plain.reset();
            plain.raw(rest);
        }
    }

    private void write(int length) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(sealed, 0, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    /** Ends the cache after its restore point was committed, and puts it in the old one's place. */
    public void commit(byte[] manifest) {
        add(new CacheRecord.Finish(manifest));
        drain(true);
        try {
            channel.close();
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    /** Throws it away unless it was committed. */
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(temporary);
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }
}
