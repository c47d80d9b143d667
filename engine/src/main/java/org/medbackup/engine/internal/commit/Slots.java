package org.medbackup.engine.internal.commit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;

/**
 * The commit slots: one name for each ticket, in which either the manifest is put or, by a collector whose patience has
 * ended, a revocation; whichever comes first holds. A copy of the manifest is put under another name before, so that a
 * damaged slot can be read from it; without its slot a copy means nothing.
 */
public final class Slots {

    /** The beginning of the names of slots. */
    public static final String PREFIX = "s/";

    /** The beginning of the names of the copies. */
    public static final String COPIES = "c/";

    /** The beginning of the names of the fences. */
    public static final String FENCES = "f/";

    /** Every manifest is longer, since it holds an encapsulation, and every revocation shorter. */
    public static final int LONGEST_REVOCATION = 1024;

    /** Digits of an id. */
    private static final int ID = 32;

    private final ObjectStore store;
    private final KeyRing keys;
    private final Signers signers;
    private final Forgotten forgotten;
    private final Findings findings;

    /** Slots to commit in; nothing can be read by this. */
    public static Slots committing(ObjectStore store, KeyRing keys, Findings findings) {
        return new Slots(store, keys, Signers.none(), findings);
    }

    /** Slots of a repository from which nothing was ever forgotten. */
    public Slots(ObjectStore store, KeyRing keys, Signers signers, Findings findings) {
        this(store, keys, signers, Forgotten.none(), findings);
    }

    public Slots(ObjectStore store, KeyRing keys, Signers signers, Forgotten forgotten, Findings findings) {
        this.store = store;
        this.keys = keys;
        this.signers = signers;
        this.forgotten = forgotten;
        this.findings = findings;
    }

    /** The slot of a ticket. */
    public static ObjectName slot(String id) {
        return ObjectName.of(PREFIX + id);
    }

    /** The copy beside it. */
    public static ObjectName copy(String id) {
        return ObjectName.of(COPIES + id);
    }

    /**
     * Makes a restore point visible: the one atomic act of a backup.
     *
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#COMMIT_REFUSED} where a collector was there
     *     before
     */
    public void commit(String id, byte[] manifest, Keeping keeping) {
        ObjectContent content = ObjectContent.of(manifest).kept(keeping);
        store.putIfAbsent(copy(id), content);
        if (store.putIfAbsent(slot(id), content) == PutOutcome.EXISTED
                && !java.util.Arrays.equals(store.readAll(slot(id)), manifest)) {
            throw ErrorCode.COMMIT_REFUSED
                    .because("its slot holds something else")
                    .with("snapshot", id);
        }
    }

    /** Whether somebody has given a restore point up, and said so. */
    public boolean isForgotten(String id) {
        return forgotten.contains(id);
    }

    /** Whether a slot holds something, whatever it is, or did before its restore point was forgotten. */
    public boolean isTaken(String id) {
        return forgotten.contains(id) || store.length(slot(id)).isPresent();
    }

    /**
     * Takes the slot of a ticket whose lease has ended, unless its writer was there before.
     *
     * @return whether the slot is revoked now
     */
    public boolean revoke(String id, Instant now, Entropy entropy) {
        put(fence(id), id, now, entropy);
        return put(slot(id), id, now, entropy) == PutOutcome.CREATED;
    }

    private PutOutcome put(ObjectName name, String id, Instant now, Entropy entropy) {
        return store.putIfAbsent(name, ObjectContent.of(Revocation.encode(id, name, now, keys, entropy)));
    }

    /** The fence of a ticket: put before its slot is revoked, so that its writer need not be able to read slots. */
    public static ObjectName fence(String id) {
        return ObjectName.of(FENCES + id);
    }

    /**
     * Gives restore points up: records it, and then deletes their manifests. Only the record matters; what a power cut
     * leaves is deleted by the next collection.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#KEY_ROLE_INSUFFICIENT} where the keys are not
     *     the owner's
     */
    public void forget(List<String> ids, Instant now, Entropy entropy) {
        var digests = new TreeMap<String, byte[]>();
        ids.forEach(id -> digests.put(id, digest(id)));
        Forgotten.record(store, keys, digests, now, entropy);
        for (String id : ids) {
            store.delete(slot(id));
            store.delete(copy(id));
        }
    }

    private byte[] digest(String id) {
        try {
            return object(id).map(Crypto::sha256).orElseGet(() -> new byte[Crypto.KEY]);
        } catch (DamageException unreadable) {
            return new byte[Crypto.KEY];
        }
    }

    /** Whether a slot is revoked. */
    public boolean isRevoked(String id) {
        OptionalLong length = store.length(slot(id));
        return length.isPresent() && length.getAsLong() <= LONGEST_REVOCATION;
    }

    /** Ids of all restore points and revoked slots, in no order that means anything. */
    public List<String> ids() {
        var ids = new ArrayList<String>();
        store.list(PREFIX, info -> {
            String id = info.name().text().substring(PREFIX.length());
            // What else lies there, as somebody's copy of a slot, is not ours.
            if (id.length() == ID && id.chars().allMatch(HexFormat::isHexDigit) && !forgotten.contains(id)) {
                ids.add(id);
            }
        });
        return ids;
    }

    /**
     * Reads a restore point; empty where there is none, or the slot is revoked.
     *
     * @throws DamageException where neither slot nor copy can be read
     */
    public Optional<Manifest> read(String id) {
        return found(id).map(Found::manifest);
    }

    /**
     * A restore point and the SHA-256 of its object, by which the one after it names it.
     *
     * @param manifest what it says
     * @param digest of its bytes
     */
    public record Stored(Manifest manifest, byte[] digest) {}

    /**
     * As {@link #read}, with the digest.
     *
     * @throws DamageException as {@link #read}
     */
    public Optional<Stored> stored(String id) {
        return found(id).map(found -> new Stored(found.manifest(), Crypto.sha256(found.object())));
    }

    /**
     * The bytes of a manifest, from the slot or, where that is damaged, from the copy.
     *
     * @throws DamageException as {@link #read}
     */
    public Optional<byte[]> object(String id) {
        return found(id).map(Found::object);
    }

    /** What lies in a slot or beside it, and what it says: to open it costs a millisecond, so it is done once. */
    private record Found(byte[] object, Manifest manifest) {}

    private Optional<Found> found(String id) {
        if (forgotten.contains(id)) {
            return Optional.empty();
        }
        byte[] object;
        try {
            object = store.readAll(slot(id));
        } catch (DamageException absent) {
            if (absent.code() == ErrorCode.OBJECT_MISSING) {
                return Optional.empty();
            }
            throw absent.with("object", slot(id));
        }
        try {
            return Envelope.unwrap(object).kind() == Envelope.Kind.REVOCATION
                    ? Optional.empty()
                    : Optional.of(new Found(object, decode(object, id)));
        } catch (DamageException damaged) {
            try {
                return Optional.of(fromCopy(id, object.length, damaged));
            } catch (DamageException unreadable) {
                throw unreadable.with("object", slot(id));
            }
        }
    }

    private Found fromCopy(String id, int length, DamageException damaged) {
        if (length <= LONGEST_REVOCATION || damaged.code() == ErrorCode.SIGNATURE_INVALID) {
            throw damaged;
        }
        OptionalLong copyLength = store.length(copy(id));
        if (copyLength.isEmpty() || copyLength.getAsLong() != length) {
            throw damaged;
        }
        byte[] copy = store.readAll(copy(id));
        var found = new Found(copy, decode(copy, id));
        findings.add(slot(id), damaged);
        return found;
    }

    private Manifest decode(byte[] object, String id) {
        return ManifestCodec.decode(object, HexFormat.of().parseHex(id), keys, signers);
    }

    /** Visits every readable restore point; names of the others go to the second visitor. */
    public void each(java.util.function.Consumer<Manifest> visitor, BiConsumer<String, DamageException> unreadable) {
        for (String id : ids()) {
            try {
                read(id).ifPresent(visitor);
            } catch (DamageException damaged) {
                unreadable.accept(id, damaged);
            }
        }
    }
}
