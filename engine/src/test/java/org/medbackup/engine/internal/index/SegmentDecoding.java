package org.medbackup.engine.internal.index;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.Rings;
import org.medbackup.engine.internal.chunk.ChunkId;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.SeededEntropy;

/** For a test elsewhere: what reads index segments. */
public final class SegmentDecoding {

    private SegmentDecoding() {}

    /** A plain segment is read to its end. */
    public static void segment(byte[] plain) {
        var segment = new IndexSegment(MemorySegment.ofArray(plain));
        segment.contains(ChunkId.of(new byte[32]));
        segment.locate(ChunkId.of(new byte[32]), place -> {});
        for (int i = 0; i < Math.min(segment.packs(), 3); i++) {
            segment.eachChunkOf(segment.pack(i), (id, length) -> {});
        }
    }

    /** A stored segment is opened under its own name, and what it holds is read. */
    public static void object(byte[] object) throws IOException {
        var store = new MemoryStore();
        ObjectName name = SegmentObject.name(0, Crypto.sha256(object));
        store.overwrite(name, object);
        SegmentObject.read(store, name, Rings.OWNER.indexKey(), Rings.OWNER.repository(), (bytes, length) -> {});
    }

    /** A plain segment of some chunks. */
    public static byte[] sample(SegmentBuilder builder) {
        MemorySegment memory = MemorySegment.ofArray(new byte[(int) builder.length()]);
        builder.writeTo(memory);
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    /** The same as it is stored. */
    public static byte[] stored(byte[] plain) throws IOException {
        var object = new SegmentObject(
                0,
                MemorySegment.ofArray(plain),
                Rings.OWNER.indexKey(),
                Rings.OWNER.repository(),
                new SeededEntropy(9));
        var store = new MemoryStore();
        store.putIfAbsent(object.name(), object);
        return store.readAll(object.name());
    }
}
