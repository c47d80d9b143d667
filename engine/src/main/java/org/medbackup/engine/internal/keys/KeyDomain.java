package org.medbackup.engine.internal.keys;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.crypto.HybridKem;

/**
 * What is sealed to one recipient: data of one class, the names, or the references. Destroying the opener shreds all
 * that was ever sealed to it.
 *
 * @param id number of the domain in this repository
 * @param name its name
 * @param kind what it holds
 * @param recipient to whom its packs are sealed
 * @param opener who opens them, or null where this holder may not
 * @param idKey key of the chunk ids
 * @param cutKey key of the chunker, empty for one who does not cut
 * @param placement number of the class of placement in which it names chunks; 0 for data that no policy has placed
 */
public record KeyDomain(
        int id,
        String name,
        Kind kind,
        HybridKem.Recipient recipient,
        HybridKem.@Nullable Opener opener,
        byte[] idKey,
        byte[] cutKey,
        int placement) {

    /** What a domain holds. */
    public enum Kind {
        /** Contents of files. */
        DATA(1, "default"),
        /** Trees: names and attributes. */
        META(2, "names"),
        /** Which chunks a tree needs, without names. */
        REFERENCES(3, "references");

        private final int code;
        private final String firstDomain;

        Kind(int code, String firstDomain) {
            this.code = code;
            this.firstDomain = firstDomain;
        }

        /** The number that stands for it in the format. */
        public int code() {
            return code;
        }

        /** What is sealed to it, for people. */
        public String word() {
            return switch (this) {
                case DATA -> "data";
                case META -> "names";
                case REFERENCES -> "references";
            };
        }

        /** Name of the domain of this kind that every repository has. */
        public String firstDomain() {
            return firstDomain;
        }

        /**
         * The kind of a number.
         *
         * @throws MalformedException where there is none
         */
        public static Kind of(int code) {
            return switch (code) {
                case 1 -> DATA;
                case 2 -> META;
                case 3 -> REFERENCES;
                default -> throw new MalformedException("the kind of a key domain is not known");
            };
        }
    }

    /** Derives the domain's own keys from the repository's. */
    static KeyDomain derive(
            byte[] repository,
            byte[] dedupKey,
            byte[] chunkerKey,
            int id,
            String name,
            Kind kind,
            HybridKem.Recipient recipient,
            HybridKem.@Nullable Opener opener) {
        byte[] label = name.getBytes(StandardCharsets.UTF_8);
        return new KeyDomain(
                id,
                name,
                kind,
                recipient,
                opener,
                Crypto.hkdf(dedupKey, repository, "mb/id/v1", label),
                Crypto.hkdf(chunkerKey, repository, "mb/cut/v1", label),
                0);
    }

    /** The next generation of it. */
    KeyDomain withPair(int number, HybridKem.Pair pair) {
        return new KeyDomain(number, name, kind, pair.recipient(), pair.opener(), idKey, cutKey, placement);
    }

    /** The part of one who seals and does not open. */
    KeyDomain forSealing() {
        return new KeyDomain(id, name, kind, recipient, null, idKey, cutKey, placement);
    }

    /** The part of one who opens and does not cut. */
    KeyDomain forOpening() {
        return new KeyDomain(id, name, kind, recipient, opener, idKey, KeyRing.ABSENT, placement);
    }

    /**
     * The same domain for data of a class of placement. It names chunks in its own way there, so that what is in one class is
     * never taken for stored in another, which may lie elsewhere and end sooner.
     */
    public KeyDomain inClass(int number) {
        if (number == placement) {
            return this;
        }
        if (placement != 0) {
            throw new IllegalStateException("it is that of another class already");
        }
        byte[] own = Crypto.hkdf(idKey, new byte[Crypto.KEY], "mb/id-class/v1", new byte[] {(byte) number});
        return new KeyDomain(id, name, kind, recipient, opener, own, cutKey, number);
    }

    /** Who opens it, where this holder may. */
    public Optional<HybridKem.Opener> openedBy() {
        return Optional.ofNullable(opener);
    }
}
