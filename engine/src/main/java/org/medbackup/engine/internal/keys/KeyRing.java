package org.medbackup.engine.internal.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.Ed25519;
import org.medbackup.engine.internal.crypto.HybridKem;

/**
 * The keys that one role holds. Immutable; safe for use by several threads.
 *
 * <p>A writer holds the recipients of every domain and no opener: it can seal and not read. What both need is the keys
 * of the ids, the chunker and the index.
 */
public final class KeyRing {

    private static final int TAG_DOMAIN = 1;
    private static final int TAG_SIGNER = 2;
    private static final int TAG_ADMIN = 3;

    /** Which keys a ring has. */
    public enum Role {
        /** All keys of all roles. */
        OWNER(1),
        /** Backs up, and reads nothing. */
        WRITER(2);

        private final int code;

        Role(int code) {
            this.code = code;
        }

        private static Role of(int code) {
            return switch (code) {
                case 1 -> OWNER;
                case 2 -> WRITER;
                default -> throw new MalformedException("the role of a key is not known");
            };
        }
    }

    private final Role role;
    private final byte[] repository;
    private final byte[] indexKey;
    private final byte[] dedupKey;
    private final byte[] chunkerKey;
    private final List<KeyDomain> domains;
    private final byte[] signerSeed;
    private final byte[] adminPublic;
    private final byte @Nullable [] adminSeed;

    private KeyRing(
            Role role,
            byte[] repository,
            byte[] indexKey,
            byte[] dedupKey,
            byte[] chunkerKey,
            List<KeyDomain> domains,
            byte[] signerSeed,
            byte[] adminPublic,
            byte @Nullable [] adminSeed) {
        this.role = role;
        this.repository = repository;
        this.indexKey = indexKey;
        this.dedupKey = dedupKey;
        this.chunkerKey = chunkerKey;
        this.domains = List.copyOf(domains);
        this.signerSeed = signerSeed;
        this.adminPublic = adminPublic;
        this.adminSeed = adminSeed;
    }

    /** All keys of a new repository, with one domain of each kind. */
    public static KeyRing create(byte[] repository, Entropy entropy) {
        byte[] dedup = entropy.bytes(Crypto.KEY);
        byte[] chunker = entropy.bytes(Crypto.KEY);
        var domains = new ArrayList<KeyDomain>();
        for (KeyDomain.Kind kind : KeyDomain.Kind.values()) {
            HybridKem.Pair pair = HybridKem.generate(entropy);
            domains.add(KeyDomain.derive(
                    repository,
                    dedup,
                    chunker,
                    kind.code(),
                    kind.firstDomain(),
                    kind,
                    pair.recipient(),
                    pair.opener()));
        }
        byte[] admin = entropy.bytes(Crypto.KEY);
        return new KeyRing(
                Role.OWNER,
                repository,
                entropy.bytes(Crypto.KEY),
                dedup,
                chunker,
                domains,
                entropy.bytes(Crypto.KEY),
                Ed25519.publicKey(admin),
                admin);
    }

    /** What a writer gets of these keys, with a signing key of its own. */
    public KeyRing forWriter(Entropy entropy) {
        List<KeyDomain> sealing = domains.stream()
                .map(domain -> new KeyDomain(
                        domain.id(),
                        domain.name(),
                        domain.kind(),
                        domain.recipient(),
                        null,
                        domain.idKey(),
                        domain.cutKey()))
                .toList();
        return new KeyRing(
                Role.WRITER,
                repository,
                indexKey,
                dedupKey,
                chunkerKey,
                sealing,
                entropy.bytes(Crypto.KEY),
                adminPublic,
                null);
    }

    public Role role() {
        return role;
    }

    /** The id of the repository, 16 bytes. */
    public byte[] repository() {
        return repository.clone();
    }

    /** Seals footers, segments, roots and tickets. */
    public byte[] indexKey() {
        return indexKey.clone();
    }

    /** Private half of the key that signs this holder's manifests. */
    public byte[] signerSeed() {
        return signerSeed.clone();
    }

    /** Verifies the certificates of writers. */
    public byte[] adminPublic() {
        return adminPublic.clone();
    }

    /** Signs certificates of writers, where this holder may. */
    public Optional<byte[]> adminSeed() {
        return Optional.ofNullable(adminSeed).map(byte[]::clone);
    }

    public List<KeyDomain> domains() {
        return domains;
    }

    /** The domain of a number, empty where this holder does not know it. */
    public Optional<KeyDomain> domain(int id) {
        return domains.stream().filter(domain -> domain.id() == id).findFirst();
    }

    /** The domain of a kind and name. */
    public KeyDomain domain(KeyDomain.Kind kind, String name) {
        return domains.stream()
                .filter(domain -> domain.kind() == kind && domain.name().equals(name))
                .findFirst()
                .orElseThrow(() -> ErrorCode.KEY_ROLE_INSUFFICIENT
                        .because("the key does not know the key domain")
                        .with("domain", name));
    }

    /** The one domain of names. */
    public KeyDomain names() {
        return domain(KeyDomain.Kind.META, "names");
    }

    /** The one domain of references. */
    public KeyDomain references() {
        return domain(KeyDomain.Kind.REFERENCES, "references");
    }

    /** Whether data and names can be read with these keys. */
    public boolean reads() {
        return domains.stream().allMatch(domain -> domain.openedBy().isPresent());
    }

    /**
     * Ends a call that has to read, where these keys do not.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#KEY_ROLE_INSUFFICIENT}
     */
    public void requireReading() {
        if (!reads()) {
            throw ErrorCode.KEY_ROLE_INSUFFICIENT.because("it is a writer's key, which reads nothing");
        }
    }

    /** The bytes to be kept; whoever has them has the keys. */
    public byte[] encode() {
        var out = new ByteWriter(4096);
        out.u8(role.code).raw(repository).raw(indexKey).raw(dedupKey).raw(chunkerKey);
        for (KeyDomain domain : domains) {
            var field = new ByteWriter(1400);
            field.u16(domain.id()).u8(domain.kind().code()).text(domain.name());
            field.raw(domain.recipient().x25519()).raw(domain.recipient().mlKem());
            domain.openedBy().ifPresent(opener -> field.raw(opener.x25519()).raw(opener.mlKemSeed()));
            out.field(TAG_DOMAIN, field);
        }
        out.field(TAG_SIGNER, signerSeed);
        byte[] admin = adminSeed;
        out.field(
                TAG_ADMIN,
                admin == null
                        ? adminPublic
                        : new ByteWriter().raw(adminPublic).raw(admin).toBytes());
        return out.toBytes();
    }

    /**
     * Reads what {@link #encode} made.
     *
     * @throws MalformedException where it is not that
     */
    public static KeyRing decode(byte[] bytes) {
        var in = new ByteReader(bytes);
        Role role = Role.of(in.u8());
        byte[] repository = in.raw(16);
        byte[] index = in.raw(Crypto.KEY);
        byte[] dedup = in.raw(Crypto.KEY);
        byte[] chunker = in.raw(Crypto.KEY);
        var domains = new ArrayList<KeyDomain>();
        byte[] signer = null;
        byte[] adminPublic = null;
        byte[] adminSeed = null;
        while (!in.atEnd()) {
            long tag = in.varint();
            ByteReader field = in.nested();
            if (tag == TAG_DOMAIN) {
                domains.add(domain(field, repository, dedup, chunker));
            } else if (tag == TAG_SIGNER) {
                signer = field.raw(Crypto.KEY);
            } else if (tag == TAG_ADMIN) {
                adminPublic = field.raw(Crypto.KEY);
                adminSeed = field.atEnd() ? null : field.raw(Crypto.KEY);
            }
        }
        if (signer == null || adminPublic == null) {
            throw new MalformedException("a key is incomplete");
        }
        return new KeyRing(role, repository, index, dedup, chunker, domains, signer, adminPublic, adminSeed);
    }

    private static KeyDomain domain(ByteReader field, byte[] repository, byte[] dedup, byte[] chunker) {
        int id = field.u16();
        KeyDomain.Kind kind = KeyDomain.Kind.of(field.u8());
        String name = field.text();
        var recipient = new HybridKem.Recipient(field.raw(Crypto.KEY), field.raw(1184));
        var opener = field.atEnd() ? null : new HybridKem.Opener(field.raw(Crypto.KEY), field.raw(64));
        return KeyDomain.derive(repository, dedup, chunker, id, name, kind, recipient, opener);
    }

    @Override
    public String toString() {
        return "KeyRing[" + role + "]";
    }
}
