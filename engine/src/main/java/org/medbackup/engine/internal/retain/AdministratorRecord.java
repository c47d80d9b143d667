package org.medbackup.engine.internal.retain;

import java.time.DateTimeException;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.crypto.SealedBytes;
import org.medbackup.engine.internal.crypto.SegmentCipher.UnauthenticException;
import org.medbackup.engine.internal.keys.KeyDomain;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.keys.RecordContext;

/**
 * How an object is written that the administrator says once and for all, such as a legal hold: signed, sealed under the index key,
 * and what it says sealed to the domain of names.
 *
 * @param kind of its envelope
 * @param label under which it is sealed and signed
 * @param named under which what it says is sealed
 * @param what it is, for messages
 */
record AdministratorRecord(Envelope.Kind kind, String label, String named, String what) {

    /** Reads what an object says. */
    interface Reading<T> {
        T of(ByteReader plain);
    }

    /**
     * The bytes of its object.
     *
     * @throws UsageException with {@link ErrorCode#KEY_ROLE_INSUFFICIENT} where the keys are not the administrator's
     */
    byte[] encode(byte[] plain, ObjectName name, KeyRing keys, Entropy entropy) {
        KeyDomain names = keys.names();
        HybridKem.Sealed secret = HybridKem.encapsulate(names.recipient(), entropy);
        byte[] context = RecordContext.of(keys, name);
        byte[] content = new ByteWriter()
                .varint(names.id())
                .raw(secret.encapsulation())
                .raw(SealedBytes.seal(secret.secret(), named, context, plain, entropy))
                .toBytes();
        byte[] body = new ByteWriter()
                .bytes(content)
                .raw(keys.admin().requireSigning().sign(RecordContext.signed(label, keys, name, content)))
                .toBytes();
        return Envelope.wrap(kind, keys.repository(), SealedBytes.seal(keys.indexKey(), label, context, body, entropy));
    }

    /**
     * Proves that the administrator has signed an object; needs the key of the index alone.
     *
     * @return what is signed
     * @throws DamageException where he has not
     */
    byte[] verified(byte[] object, ObjectName name, KeyRing keys) {
        byte[] sealed = Envelope.unwrap(kind, keys.repository(), object);
        try {
            var in = new ByteReader(SealedBytes.open(keys.indexKey(), label, RecordContext.of(keys, name), sealed));
            byte[] content = in.bytes();
            byte[] signature = in.raw(in.remaining());
            if (!keys.admin().verifying().verify(RecordContext.signed(label, keys, name, content), signature)) {
                throw ErrorCode.SIGNATURE_INVALID.because("the record of a " + what + " is not the administrator's");
            }
            return content;
        } catch (UnauthenticException | MalformedException wrong) {
            throw other(wrong);
        }
    }

    private RuntimeException other(Exception wrong) {
        return ErrorCode.OBJECT_DAMAGED.because("it is not the " + what + " of its name", wrong);
    }

    /**
     * Reads an object.
     *
     * @throws DamageException where it is not that
     */
    <T> T read(byte[] object, ObjectName name, KeyRing keys, Reading<T> reading) {
        try {
            var in = new ByteReader(verified(object, name, keys));
            HybridKem.Opener opener = keys.domain((int) in.varint())
                    .flatMap(KeyDomain::openedBy)
                    .orElseThrow(() -> new MalformedException("its key domain is not known"));
            byte[] secret = HybridKem.decapsulate(opener, in.raw(HybridKem.ENCAPSULATION));
            byte[] plain = SealedBytes.open(secret, named, RecordContext.of(keys, name), in.raw(in.remaining()));
            return reading.of(new ByteReader(plain));
        } catch (UnauthenticException | MalformedException | DateTimeException | UsageException wrong) {
            throw other(wrong);
        }
    }
}
