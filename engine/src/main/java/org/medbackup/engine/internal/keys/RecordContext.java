package org.medbackup.engine.internal.keys;

import java.nio.charset.StandardCharsets;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.codec.ByteWriter;

/** What binds a small object to its repository and its name. */
public final class RecordContext {

    private RecordContext() {}

    /** What the seal of an object authenticates beside it. */
    public static byte[] of(KeyRing keys, ObjectName name) {
        return new ByteWriter().raw(keys.repository()).text(name.text()).toBytes();
    }

    /** What is signed of a record. */
    public static byte[] signed(String label, KeyRing keys, ObjectName name, byte[] content) {
        return new ByteWriter()
                .raw(label.getBytes(StandardCharsets.US_ASCII))
                .raw(of(keys, name))
                .raw(content)
                .toBytes();
    }
}
