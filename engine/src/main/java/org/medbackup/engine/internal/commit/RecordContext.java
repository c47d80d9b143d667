package org.medbackup.engine.internal.commit;

import java.nio.charset.StandardCharsets;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.keys.KeyRing;

/** What binds a signed record to its repository and its name. */
final class RecordContext {

    private RecordContext() {}

    /** What the seal of a record authenticates beside it. */
    static byte[] of(KeyRing keys, ObjectName name) {
        return new ByteWriter().raw(keys.repository()).text(name.text()).toBytes();
    }

    /** What is signed of a record. */
    static byte[] signed(String label, KeyRing keys, ObjectName name, byte[] content) {
        return new ByteWriter()
                .raw(label.getBytes(StandardCharsets.US_ASCII))
                .raw(of(keys, name))
                .raw(content)
                .toBytes();
    }
}
