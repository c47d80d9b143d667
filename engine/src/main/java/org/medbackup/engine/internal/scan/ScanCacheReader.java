package org.medbackup.engine.internal.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.content.FileKind;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.SegmentCipher;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.tree.NodeType;

/**
 * Reads a scan cache record by record. Where it is damaged it ends: what would have followed is read from the source
 * again. Not safe for use by several threads.
 */
public final class ScanCacheReader implements AutoCloseable {

    private final InputStream in;
    private final SegmentCipher cipher;
    private final byte[] context;
    private final byte[] sealed = new byte[SegmentCipher.SEGMENT + SegmentCipher.TAG];
    private final byte[] piece = new byte[SegmentCipher.SEGMENT];
    private byte[] buffer = new byte[0];
    private int at;
    private byte[] previous = new byte[0];
    private long pieces;
    private boolean ended;
    private @Nullable CacheRecord next;
    private final CacheHeader header;

    private ScanCacheReader(InputStream in, byte[] hostKey) throws IOException {
        this.in = in;
        this.context = in.readNBytes(ScanCacheWriter.HEADER);
        byte[] magic = Arrays.copyOf(context, 4);
        if (context.length < ScanCacheWriter.HEADER
                || !Arrays.equals(magic, ScanCacheWriter.MAGIC.getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
            throw new MalformedException("it is no scan cache");
        }
        byte[] salt = Arrays.copyOfRange(context, 8, ScanCacheWriter.HEADER);
        this.cipher = new SegmentCipher(Crypto.hkdf(hostKey, salt, ScanCacheWriter.LABEL));
        this.header = readHeader();
        this.next = read();
    }

    /** Opens a cache, empty where there is none that can be used. */
    public static Optional<ScanCacheReader> open(Path file, byte[] hostKey) {
        InputStream in;
        try {
            in = Files.newInputStream(file);
        } catch (IOException absent) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ScanCacheReader(in, hostKey));
        } catch (IOException | MalformedException unusable) {
            try {
                in.close();
            } catch (IOException best) {
                // Nothing was read that matters.
            }
            return Optional.empty();
        }
    }

    private CacheHeader readHeader() {
        while (buffer.length - at < 80 && more()) {
            // Until it is whole or the file ends.
        }
        var reader = new ByteReader(buffer, at, buffer.length - at);
        CacheHeader decoded = CacheHeader.decode(reader);
        at = buffer.length - reader.remaining();
        return decoded;
    }

    /** What it says of its run. */
    public CacheHeader header() {
        return header;
    }

    /** The next record, or null at the end. */
    public @Nullable CacheRecord peek() {
        return next;
    }

    /** Moves on, and gives the record that was next. */
    public @Nullable CacheRecord take() {
        CacheRecord taken = next;
        next = ended && at >= buffer.length ? null : read();
        return taken;
    }

    private boolean more() {
        if (ended) {
            return false;
        }
        try {
            int length = in.readNBytes(sealed, 0, sealed.length);
            if (length == 0) {
                // The last piece is marked as such; a file that ends before it was cut off.
                ended = true;
                return false;
            }
            int plain = open(length);
            byte[] joined = Arrays.copyOfRange(buffer, at, buffer.length - at + plain + at);
            System.arraycopy(piece, 0, joined, buffer.length - at, plain);
            buffer = joined;
            at = 0;
            return true;
        } catch (IOException | UnauthenticException damaged) {
            ended = true;
            return false;
        }
    }

    private int open(int length) throws UnauthenticException {
        try {
            return cipher.openSegment(0, pieces, false, context, sealed, 0, length, piece, 0);
        } catch (UnauthenticException perhapsLast) {
            int plain = cipher.openSegment(0, pieces, true, context, sealed, 0, length, piece, 0);
            ended = true;
            return plain;
        } finally {
            pieces++;
        }
    }

    private @Nullable CacheRecord read() {
        while (true) {
            try {
                var reader = new ByteReader(buffer, at, buffer.length - at);
                if (reader.atEnd()) {
                    if (!more()) {
                        return null;
                    }
                    continue;
                }
                CacheRecord record = record(reader);
                at = buffer.length - reader.remaining();
                return record;
            } catch (MalformedException perhapsCut) {
                if (!more()) {
                    ended = true;
                    at = buffer.length;
                    return null;
                }
            }
        }
    }

    private CacheRecord record(ByteReader reader) {
        return switch (reader.u8()) {
            case ScanCacheWriter.ENTRY -> entry(reader.nested());
            case ScanCacheWriter.PART -> new CacheRecord.Part(CachedPart.decode(reader.nested()));
            case ScanCacheWriter.END -> new CacheRecord.End(reader.varint(), (int) reader.u32(), reader.u8() == 1);
            case ScanCacheWriter.FACTS -> facts(reader.nested());
            case ScanCacheWriter.FINISH -> new CacheRecord.Finish(reader.raw(Crypto.KEY));
            default -> throw new MalformedException("a record of the scan cache is not known");
        };
    }

    private static CacheRecord.Facts facts(ByteReader reader) {
        var evidence = new TreeMap<String, String>();
        while (!reader.atEnd()) {
            evidence.put(reader.text(), reader.text());
        }
        return new CacheRecord.Facts(evidence);
    }

    private CacheRecord.Entry entry(ByteReader reader) {
        int shared = reader.count(previous.length);
        int more = reader.count(reader.remaining());
        byte[] path = new ByteWriter(shared + more)
                .raw(previous, 0, shared)
                .raw(reader.raw(more))
                .toBytes();
        NodeType type = NodeType.of(reader.u8());
        int bits = reader.u8();
        long size = reader.varint();
        int crc = (int) reader.u32();
        byte[] attributes = reader.bytes();
        var entry = new CacheRecord.Entry(
                PathBytes.copyOf(path),
                type,
                (bits & 1) != 0,
                size,
                crc,
                (bits & 2) != 0,
                (bits & 4) != 0,
                attributes,
                CachedPart.decodeExtents(reader),
                FileKind.of(bits >> ScanCacheWriter.KIND));
        previous = path;
        return entry;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException best) {
            // Nothing was written.
        }
    }
}
