package org.medbackup.engine.internal.commit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.chunk.ChunkId;
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
 * The right to write one restore point: announced before anything is written, so that a collector waits for it or takes
 * its commit slot. It carries the ticket's secret of each key domain, sealed to the domain's recipient.
 *
 * @param id of the ticket and of the restore point, 16 bytes
 * @param writer key id of the writer, 8 bytes
 * @param opened wall clock
 * @param lease how long after that a collector leaves the slot alone
 * @param renewal 0 for the first object of a ticket, counted up by each renewal
 * @param encapsulations of the secrets, by number of the domain
 * @param pins root reference pages of restore points that are being read; such a ticket writes nothing, and a collector
 *     keeps what it pins until its lease ends
 */
public record Ticket(
        byte[] id,
        byte[] writer,
        Instant opened,
        Duration lease,
        int renewal,
        SortedMap<Integer, byte[]> encapsulations,
        List<ChunkId> pins) {

    /** The beginning of the names of tickets. */
    public static final String PREFIX = "t/";

    private static final String LABEL = "mb/ticket/v1";
    private static final int TAG_DOMAIN = 1;
    private static final int TAG_PIN = 2;

    public Ticket {
        pins = List.copyOf(pins);
        encapsulations = Collections.unmodifiableSortedMap(new TreeMap<>(encapsulations));
    }

    /** A ticket and the secrets that it carries. */
    public record Opened(Ticket ticket, SortedMap<Integer, HybridKem.Sealed> secrets) {}

    /** A new ticket with an independent secret for each domain. */
    public static Opened open(KeyRing keys, Instant now, Duration lease, Entropy entropy) {
        var secrets = new TreeMap<Integer, HybridKem.Sealed>();
        var encapsulations = new TreeMap<Integer, byte[]>();
        for (KeyDomain domain : keys.sealing()) {
            HybridKem.Sealed secret = HybridKem.encapsulate(domain.recipient(), entropy);
            secrets.put(domain.id(), secret);
            encapsulations.put(domain.id(), secret.encapsulation());
        }
        byte[] writer = Certificate.keyId(Certificate.publicOf(keys));
        return new Opened(new Ticket(entropy.bytes(16), writer, now, lease, 0, encapsulations, List.of()), secrets);
    }

    /** A ticket that holds restore points while they are read. */
    public static Ticket reading(KeyRing keys, Instant now, Duration lease, List<ChunkId> pins, Entropy entropy) {
        byte[] reader = Certificate.keyId(Certificate.publicOf(keys));
        return new Ticket(entropy.bytes(16), reader, now, lease, 0, new TreeMap<>(), pins);
    }

    /**
     * The ticket of a copy of a restore point.
     *
     * @param id of the restore point, 32 hexadecimal digits
     * @param renewal a number that no ticket of this id has yet
     */
    public static Ticket copying(KeyRing keys, String id, Instant now, Duration lease, int renewal) {
        byte[] holder = Certificate.keyId(Certificate.publicOf(keys));
        return new Ticket(HexFormat.of().parseHex(id), holder, now, lease, renewal, new TreeMap<>(), List.of());
    }

    /** Whether its holder writes, so that a collector has to wait for it. */
    public boolean isWriting() {
        return pins.isEmpty();
    }

    /** Whether a collector need not wait for it any more. */
    public boolean isOver(Instant now) {
        return now.isAfter(opened.plus(lease));
    }

    /** The same ticket, living on. */
    public Ticket renewed(Instant now) {
        return new Ticket(id, writer, now, lease, renewal + 1, encapsulations, pins);
    }

    /** The id as text. */
    public String text() {
        return HexFormat.of().formatHex(id);
    }

    /** The name of its object. */
    public ObjectName name() {
        return name(text(), renewal);
    }

    static ObjectName name(String id, int renewal) {
        return ObjectName.of(PREFIX + id + "-" + renewal);
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
        pins.forEach(pin -> body.field(TAG_PIN, pin.bytes()));
        byte[] sealed =
                SealedBytes.seal(keys.indexKey(), LABEL, RecordContext.of(keys, name()), body.toBytes(), entropy);
        return Envelope.wrap(Envelope.Kind.TICKET, keys.repository(), sealed);
    }

    /**
     * Reads a ticket.
     *
     * @throws org.medbackup.core.error.DamageException where it is not the ticket of its name
     */
    public static Ticket decode(byte[] object, ObjectName name, KeyRing keys) {
        byte[] sealed = Envelope.unwrap(Envelope.Kind.TICKET, keys.repository(), object);
        try {
            var in = new ByteReader(SealedBytes.open(keys.indexKey(), LABEL, RecordContext.of(keys, name), sealed));
            byte[] id = in.raw(16);
            byte[] writer = in.raw(8);
            Instant opened = Instant.ofEpochMilli(in.u64());
            Duration lease = Duration.ofSeconds(in.varint());
            int renewal = in.count(Integer.MAX_VALUE);
            var encapsulations = new TreeMap<Integer, byte[]>();
            var pins = new ArrayList<ChunkId>();
            while (!in.atEnd()) {
                long tag = in.varint();
                ByteReader field = in.nested();
                if (tag == TAG_DOMAIN) {
                    encapsulations.put(field.count(0xffff), field.raw(field.remaining()));
                } else if (tag == TAG_PIN) {
                    pins.add(ChunkId.of(field.raw(ChunkId.LENGTH)));
                }
            }
            return new Ticket(id, writer, opened, lease, renewal, encapsulations, pins);
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
