package org.medbackup.engine.internal.keys;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.KeyRole;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.HybridKem;
import org.medbackup.engine.internal.crypto.SignatureAlgorithm;
import org.medbackup.engine.internal.crypto.SigningKey;

/**
 * The keys that one role holds. Immutable; safe for use by several threads.
 *
 * <p>Every role has the key of the index. A writer has the recipients of every domain and no opener: it can seal and not
 * read. A maintainer has the domains of references alone, a reader all openers; neither has the keys by which a writer
 * names and cuts.
 */
public final class KeyRing {

    /** In place of a key that a role does not have; nothing can be derived from it by mistake. */
    static final byte[] ABSENT = {};

    private final KeyRole role;
    private final byte[] repository;
    private final byte[] indexKey;
    private final byte[] dedupKey;
    private final byte[] chunkerKey;
    private final List<KeyDomain> domains;
    private final SigningKey signer;
    private final AdminKey admin;

    KeyRing(
            KeyRole role,
            byte[] repository,
            byte[] indexKey,
            byte[] dedupKey,
            byte[] chunkerKey,
            List<KeyDomain> domains,
            SigningKey signer,
            AdminKey admin) {
        this.role = role;
        this.repository = repository;
        this.indexKey = indexKey;
        this.dedupKey = dedupKey;
        this.chunkerKey = chunkerKey;
        this.domains = List.copyOf(domains);
        this.signer = signer;
        this.admin = admin;
    }

    /** All keys of a new repository, with one domain of each kind. */
    public static KeyRing create(byte[] repository, Entropy entropy) {
        return create(repository, SignatureAlgorithm.ED25519, entropy);
    }

    /** As {@link #create(byte[], Entropy)}, with holders that sign by an algorithm. */
    public static KeyRing create(byte[] repository, SignatureAlgorithm signatures, Entropy entropy) {
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
        SigningKey admin = SigningKey.generate(signatures, entropy);
        byte[] index = entropy.bytes(Crypto.KEY);
        SigningKey signer = SigningKey.generate(signatures, entropy);
        return new KeyRing(KeyRole.OWNER, repository, index, dedup, chunker, domains, signer, AdminKey.of(admin));
    }

    /** What a writer gets of these keys, with a signing key of its own. */
    public KeyRing forWriter(Entropy entropy) {
        return held(KeyRole.WRITER, dedupKey, chunkerKey, each(sealing(), KeyDomain::forSealing), entropy);
    }

    /** What a maintainer gets of these keys, with a signing key of its own. */
    public KeyRing forMaintainer(Entropy entropy) {
        List<KeyDomain> references = domains.stream()
                .filter(domain -> domain.kind() == KeyDomain.Kind.REFERENCES)
                .toList();
        return held(KeyRole.MAINTAINER, ABSENT, ABSENT, each(references, KeyDomain::forOpening), entropy);
    }

    /** What a reader gets of these keys, with a signing key of its own. */
    public KeyRing forReader(Entropy entropy) {
        return held(KeyRole.READER, ABSENT, ABSENT, each(domains, KeyDomain::forOpening), entropy);
    }

    /** What a role other than the owner's gets of these keys. */
    public KeyRing forRole(KeyRole wanted, Entropy entropy) {
        return switch (wanted) {
            case WRITER -> forWriter(entropy);
            case MAINTAINER -> forMaintainer(entropy);
            case READER -> forReader(entropy);
            case OWNER -> throw new IllegalArgumentException("there is one owner's ring");
        };
    }

    /**
     * The same ring with a new pair of every kind and name, under a new number. What was sealed to the earlier pairs still
     * opens, and chunks keep their names.
     */
    public KeyRing withNewPairs(Entropy entropy) {
        int number = generation();
        var all = new ArrayList<>(domains);
        for (KeyDomain domain : sealing()) {
            number++;
            all.add(domain.withPair(number, HybridKem.generate(entropy)));
        }
        return new KeyRing(role, repository, indexKey, dedupKey, chunkerKey, all, signer, admin);
    }

    /** The same ring with a domain of data more, under a new number. */
    public KeyRing withDomain(String name, Entropy entropy) {
        HybridKem.Pair pair = HybridKem.generate(entropy);
        var all = new ArrayList<>(domains);
        all.add(KeyDomain.derive(
                repository,
                dedupKey,
                chunkerKey,
                generation() + 1,
                name,
                KeyDomain.Kind.DATA,
                pair.recipient(),
                pair.opener()));
        return new KeyRing(role, repository, indexKey, dedupKey, chunkerKey, all, signer, admin);
    }

    /** The number of the newest domain: of two rings of one holder the one with the higher number is the newer. */
    public int generation() {
        return domains.stream().mapToInt(KeyDomain::id).max().orElse(0);
    }

    private static List<KeyDomain> each(List<KeyDomain> all, UnaryOperator<KeyDomain> part) {
        return all.stream().map(part).toList();
    }

    private KeyRing held(KeyRole holder, byte[] dedup, byte[] chunker, List<KeyDomain> part, Entropy entropy) {
        SigningKey own = SigningKey.generate(signer.verifying().algorithm(), entropy);
        return new KeyRing(holder, repository, indexKey, dedup, chunker, part, own, admin.withoutSecret());
    }

    public KeyRole role() {
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

    /** The parent of the keys of chunk ids; {@link #ABSENT} where the role has none. */
    byte[] dedupKey() {
        return dedupKey;
    }

    /** The parent of the chunkers' keys; {@link #ABSENT} where the role has none. */
    byte[] chunkerKey() {
        return chunkerKey;
    }

    /** Signs for this holder. */
    public SigningKey signer() {
        return signer;
    }

    /** Who certifies the holders. */
    public AdminKey admin() {
        return admin;
    }

    /** All domains that this holder knows, those of earlier generations too. */
    public List<KeyDomain> domains() {
        return domains;
    }

    /** Of each kind and name the domain of the newest generation: what new packs are sealed to. */
    public List<KeyDomain> sealing() {
        BinaryOperator<KeyDomain> newer = BinaryOperator.maxBy(Comparator.comparingInt(KeyDomain::id));
        return domains.stream()
                .collect(Collectors.toMap(domain -> domain.kind() + "/" + domain.name(), domain -> domain, newer))
                .values()
                .stream()
                .sorted(Comparator.comparingInt(KeyDomain::id))
                .toList();
    }

    /** The domain of a number, empty where this holder does not know it. */
    public Optional<KeyDomain> domain(int id) {
        return domains.stream().filter(domain -> domain.id() == id).findFirst();
    }

    /** The domain of a kind and name, of the newest generation. */
    public KeyDomain domain(KeyDomain.Kind kind, String name) {
        return domains.stream()
                .filter(domain -> domain.kind() == kind && domain.name().equals(name))
                .max(Comparator.comparingInt(KeyDomain::id))
                .orElseThrow(() -> ErrorCode.KEY_DOMAIN_UNKNOWN.because(name).with("domain", name));
    }

    /** The domain of names. */
    public KeyDomain names() {
        return domain(KeyDomain.Kind.META, "names");
    }

    /** The domain of references. */
    public KeyDomain references() {
        return domain(KeyDomain.Kind.REFERENCES, "references");
    }

    /** Whether data and names can be read with these keys. */
    public boolean reads() {
        return role.may(KeyRole.Right.READ);
    }

    /**
     * Ends a call that has to read, where these keys do not.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#KEY_ROLE_INSUFFICIENT}
     */
    public void requireReading() {
        require(KeyRole.Right.READ);
    }

    /**
     * Ends a call that the role may not make.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#KEY_ROLE_INSUFFICIENT}
     */
    public void require(KeyRole.Right right) {
        if (!role.may(right)) {
            throw ErrorCode.KEY_ROLE_INSUFFICIENT.because(
                    "it is a " + role.name().toLowerCase(Locale.ROOT) + "'s key, which " + role.ability());
        }
    }

    /** The bytes to be kept; whoever has them has the keys. */
    public byte[] encode() {
        return KeyRingCodec.encode(this);
    }

    /**
     * Reads what {@link #encode} made.
     *
     * @throws MalformedException where it is not that
     */
    public static KeyRing decode(byte[] bytes) {
        return KeyRingCodec.decode(bytes);
    }

    @Override
    public String toString() {
        return "KeyRing[" + role + "]";
    }
}
