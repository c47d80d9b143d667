package org.medbackup.engine.internal.commit;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;
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

/**
 * The right to write one restore point: announced before anything is written, so that a collector waits for it or takes
 * its commit slot. It carries the ticket's secret of each key domain, sealed to the domain's recipient.
 *
 * @param id of the ticket and of the restore point, 16 bytes
 * @param writer key id of the writer, 8 bytes
 * @param opened wall clock
 * @param lease how long after that a collector leaves the slot alone
 * @param renewal 0 for the first object of a ticket, counted up by each renewal
 * @param encapsulations of the secrets, by number of the domain
 */
public record Ticket(
        byte[] id,
        byte[] writer,
        Instant opened,
        Duration lease,
        int renewal,
        SortedMap<Integer, byte[]> encapsulations) {

    /** The beginning of the names of tickets. */
    public static final String PREFIX = "t/";

    private static final String LABEL = "mb/ticket/v1";
    private static final int TAG_DOMAIN = 1;

    public Ticket {
        encapsulations = Collections.unmodifiableSortedMap(new TreeMap<>(encapsulations));
    }

    /** A ticket and the secrets that it carries. */
    public record Opened(Ticket ticket, SortedMap<Integer, HybridKem.Sealed> secrets) {}

    /** A new ticket with an independent secret for each domain. */
    public static Opened open(KeyRing keys, Instant now, Duration lease, Entropy entropy) {
        var secrets = new TreeMap<Integer, HybridKem.Sealed>();
        var encapsulations = new TreeMap<Integer, byte[]>();
        for (KeyDomain domain : keys.domains()) {
            HybridKem.Sealed secret = HybridKem.encapsulate(domain.recipient(), entropy);
            secrets.put(domain.id(), secret);
            encapsulations.put(domain.id(), secret.encapsulation());
        }
        byte[] writer = Certificate.keyId(Certificate.publicOf(keys));
        return new Opened(new Ticket(entropy.bytes(16), writer, now, lease, 0, encapsulations), secrets);
    }

    /** The same ticket, living on. */
    public Ticket renewed(Instant now) {
        return new Ticket(id, writer, now, lease, renewal + 1, encapsulations);
    }

    /** The id as text. */
    public String text() {
        return HexFormat.of().formatHex(id);
    }

    /** The name of its object. */
    public ObjectName name() {
        return ObjectName.of(PREFIX + text() + "-" + renewal);
    }

    /** The bytes of its object. */
    public byte[] encode(KeyRing keys, Entropy entropy) {
        var body = new ByteWriter(2048);
        body.raw(id)
                .raw(writer)
                .u64(opened.toEpochMilli())
                .varint(lease.toSeconds())
                .varint(renewal);
        encapsulations.forEach((domain, encapsulation) ->
                body.field(TAG_DOMAIN, new ByteWriter().varint(domain).raw(encapsulation)));
        byte[] sealed = SealedBytes.seal(keys.indexKey(), LABEL, context(keys, name()), body.toBytes(), entropy);
        return Envelope.wrap(Envelope.Kind.TICKET, keys.repository(), sealed);
    }

    private static byte[] context(KeyRing keys, ObjectName name) {
        return new ByteWriter().raw(keys.repository()).text(name.text()).toBytes();
    }

    /**
     * Reads a ticket.
     *
     * @throws org.medbackup.core.error.DamageException where it is not the ticket of its name
     */
    public static Ticket decode(byte[] object, ObjectName name, KeyRing keys) {
        byte[] sealed = Envelope.unwrap(Envelope.Kind.TICKET, keys.repository(), object);
        try {
            var in = new ByteReader(SealedBytes.open(keys.indexKey(), LABEL, context(keys, name), sealed));
            byte[] id = in.raw(16);
            byte[] writer = in.raw(8);
            Instant opened = Instant.ofEpochMilli(in.u64());
            Duration lease = Duration.ofSeconds(in.varint());
            int renewal = in.count(Integer.MAX_VALUE);
            var encapsulations = new TreeMap<Integer, byte[]>();
            while (!in.atEnd()) {
                long tag = in.varint();
                ByteReader field = in.nested();
                if (tag == TAG_DOMAIN) {
                    encapsulations.put(field.count(0xffff), field.raw(field.remaining()));
                }
            }
            return new Ticket(id, writer, opened, lease, renewal, encapsulations);
        } catch (UnauthenticException | MalformedException | java.time.DateTimeException wrong) {
            throw ErrorCode.OBJECT_DAMAGED.because("it is not the ticket of its name", wrong);
        }
    }

    /** For messages; the id is no secret. */
    @Override
    public String toString() {
        return "Ticket[" + text() + "]";
    }
}
