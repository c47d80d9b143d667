package org.medbackup.engine.internal.index;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.SegmentCipher;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;

/**
 * An index segment as it is stored: a header of 128 bytes, then the plain form sealed under the index key in pieces of
 * 64 KiB. Its name holds the SHA-256 of all, so that anybody can check it.
 *
 * <pre>
 * 0    "MBIS", version u8, suite u8, level u16
 * 8    repository id, 16 bytes
 * 24   salt, 32 bytes
 * 56   commitment, 32 bytes
 * 88   plain length u64
 * 96   reserved, 32 bytes
 * 128  sealed pieces; the header is authenticated with each
 * </pre>
 */
final class SegmentObject implements ObjectContent {

    private static final int HEADER = 128;
    private static final int PIECES_A_READ = 16;
    private static final String LABEL = "mb/index/v1";

    private final int level;
    private final MemorySegment plain;
    private final byte[] key;
    private final byte[] header;

    SegmentObject(int level, MemorySegment plain, byte[] indexKey, byte[] repository, Entropy entropy) {
        this.level = level;
        this.plain = plain;
        byte[] salt = entropy.bytes(Crypto.KEY);
        this.key = Crypto.hkdf(indexKey, salt, LABEL, repository);
        var out = new ByteWriter(HEADER);
        out.raw("MBIS".getBytes(StandardCharsets.US_ASCII)).u8(1).u8(1).u16(level);
        out.raw(repository).raw(salt).raw(Crypto.commitment(key)).u64(plain.byteSize());
        this.header = Arrays.copyOf(out.toBytes(), HEADER);
    }

    @Override
    public long length() {
        return HEADER + SegmentCipher.sealedLength(plain.byteSize());
    }

    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
        drain(header, HEADER, target);
        var cipher = new SegmentCipher(key);
        var piece = new byte[SegmentCipher.SEGMENT];
        var sealed = new byte[SegmentCipher.SEGMENT + SegmentCipher.TAG];
        long length = plain.byteSize();
        for (long at = 0, number = 0; at < length; number++) {
            int count = (int) Math.min(SegmentCipher.SEGMENT, length - at);
            MemorySegment.copy(plain, JAVA_BYTE, at, piece, 0, count);
            at += count;
            drain(sealed, cipher.sealSegment(0, number, at == length, header, piece, count, sealed), target);
        }
    }

    private static void drain(byte[] bytes, int length, WritableByteChannel target) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            target.write(buffer);
        }
    }

    /** Its name, which takes one pass over it. */
    ObjectName name() {
        MessageDigest digest = Crypto.sha256();
        try {
            writeTo(new DigestChannel(digest));
        } catch (IOException impossible) {
            throw new IllegalStateException("a digest failed", impossible);
        }
        return name(level, digest.digest());
    }

    static ObjectName name(int level, byte[] digest) {
        return ObjectName.of("i/" + level + "-" + HexFormat.of().formatHex(digest));
    }

    /** The level that a name tells. */
    static int level(ObjectName name) {
        String text = name.text();
        return Integer.parseInt(text.substring(2, text.indexOf('-')));
    }

    private record DigestChannel(MessageDigest digest) implements WritableByteChannel {

        @Override
        public int write(ByteBuffer source) {
            int length = source.remaining();
            digest.update(source);
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** Takes the plain form piece by piece. */
    @FunctionalInterface
    interface PlainSink {

        void piece(byte[] bytes, int length) throws IOException;
    }

    /**
     * Reads a stored segment and proves that it is the one of its name.
     *
     * @throws org.medbackup.core.error.DamageException where it is not
     */
    static void read(ObjectStore store, ObjectName name, byte[] indexKey, byte[] repository, PlainSink sink)
            throws IOException {
        MessageDigest digest = Crypto.sha256();
        ByteBuffer head = ByteBuffer.allocate(HEADER);
        store.read(name, 0, head);
        byte[] header = Arrays.copyOf(head.array(), head.position());
        digest.update(header);
        try {
            if (header.length < HEADER) {
                throw new UnauthenticException();
            }
            var in = new ByteReader(header);
            in.skip(8 + 16);
            byte[] key = Crypto.hkdf(indexKey, in.raw(Crypto.KEY), LABEL, repository);
            if (!MessageDigest.isEqual(in.raw(Crypto.KEY), Crypto.commitment(key))) {
                throw new UnauthenticException();
            }
            pieces(store, name, new SegmentCipher(key), header, in.u64(), digest, sink);
        } catch (UnauthenticException wrong) {
            throw damaged(name);
        }
        if (!name.equals(name(level(name), digest.digest()))) {
            throw damaged(name);
        }
    }

    private static RuntimeException damaged(ObjectName name) {
        return ErrorCode.OBJECT_DAMAGED
                .because("it is not the index segment of its name")
                .with("object", name);
    }

    private static void pieces(
            ObjectStore store,
            ObjectName name,
            SegmentCipher cipher,
            byte[] header,
            long plainLength,
            MessageDigest digest,
            PlainSink sink)
            throws IOException, UnauthenticException {
        int sealedPiece = SegmentCipher.SEGMENT + SegmentCipher.TAG;
        long end = HEADER + SegmentCipher.sealedLength(Math.max(0, plainLength));
        ByteBuffer buffer = ByteBuffer.allocate(PIECES_A_READ * sealedPiece);
        var piece = new byte[SegmentCipher.SEGMENT];
        long number = 0;
        for (long at = HEADER; at < end; at += buffer.position()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            if (store.read(name, at, buffer) == 0) {
                throw new UnauthenticException();
            }
            digest.update(buffer.array(), 0, buffer.position());
            for (int offset = 0; offset < buffer.position(); offset += sealedPiece) {
                int count = Math.min(sealedPiece, buffer.position() - offset);
                boolean last = at + offset + count == end;
                int length = cipher.openSegment(0, number++, last, header, buffer.array(), offset, count, piece, 0);
                sink.piece(piece, length);
            }
        }
        if (store.length(name).orElse(-1) != end) {
            throw new UnauthenticException();
        }
    }
}
