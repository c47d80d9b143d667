package org.medbackup.engine.internal.pack;

import java.security.MessageDigest;
import java.util.Optional;
import org.medbackup.core.Entropy;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.HybridKem;

/**
 * How the holder of a domain's private key gets the key of some records. A pack has one slot for what its writer sealed,
 * and one more for each pack that a compaction copied records from.
 *
 * @param domain number of the key domain
 * @param encapsulation carries the ticket's secret of this domain
 * @param salt makes the pack's key from the ticket's secret
 * @param commitment by which a wrong key is told before it is used
 */
public record KeySlot(int domain, byte[] encapsulation, byte[] salt, byte[] commitment) {

    private static final String LABEL = "mb/pack/v1";

    /** A slot and its key. */
    record Keyed(KeySlot slot, byte[] key) {}

    static Keyed create(int domain, HybridKem.Sealed ticket, byte[] repository, Entropy entropy) {
        byte[] salt = entropy.bytes(Crypto.KEY);
        byte[] key = Crypto.hkdf(ticket.secret(), salt, LABEL, repository);
        return new Keyed(new KeySlot(domain, ticket.encapsulation(), salt, Crypto.commitment(key)), key);
    }

    /** The key of the records, empty where the ticket's secret is another one. */
    public Optional<byte[]> key(byte[] ticketSecret, byte[] repository) {
        byte[] key = Crypto.hkdf(ticketSecret, salt, LABEL, repository);
        return MessageDigest.isEqual(commitment, Crypto.commitment(key)) ? Optional.of(key) : Optional.empty();
    }

    void encode(ByteWriter out) {
        out.u16(domain).bytes(encapsulation).raw(salt).raw(commitment);
    }

    static KeySlot decode(ByteReader in) {
        return new KeySlot(in.u16(), in.bytes(), in.raw(Crypto.KEY), in.raw(Crypto.KEY));
    }
}
