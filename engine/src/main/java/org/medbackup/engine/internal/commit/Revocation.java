package org.medbackup.engine.internal.commit;

import java.time.Instant;
import java.util.HexFormat;
import org.medbackup.core.Entropy;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.RecordContext;

/**
 * What a collector puts into the commit slot of a ticket that has lapsed, so that its restore point will never exist, and
 * before that under the name of its fence, where writers may look who may not read slots.
 */
final class Revocation {

    private static final String LABEL = "mb/revocation/v1";

    private Revocation() {}

    /** The bytes of its object. Readers tell it by its kind; its body says when. */
    static byte[] encode(String ticket, ObjectName name, Instant now, KeyRing keys, Entropy entropy) {
        byte[] body = new ByteWriter()
                .raw(HexFormat.of().parseHex(ticket))
                .u64(now.toEpochMilli())
                .toBytes();
        return Envelope.wrap(
                Envelope.Kind.REVOCATION,
                keys.repository(),
                SealedBytes.seal(keys.indexKey(), LABEL, RecordContext.of(keys, name), body, entropy));
    }
}
