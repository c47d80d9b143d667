package org.medbackup.core.spi.store;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * A target of create-only objects. Nothing is ever rewritten, renamed or appended to.
 *
 * <p>What a caller may assume, and what the contract suite proves of every adapter:
 *
 * <ul>
 *   <li>When {@link #putIfAbsent} returns {@link PutOutcome#CREATED}, the whole object is durable: it survives a power
 *       cut. An object is never visible in part.
 *   <li>Of several concurrent puts of one name exactly one creates it; the others find it there.
 *   <li>A read returns exactly what was put, or fails. Order of listing is by name.
 *   <li>All methods may be called from several threads. None retries by itself.
 * </ul>
 *
 * <p>Every method fails with {@link ErrorCode#STORE_UNAVAILABLE}, {@link ErrorCode#NO_SPACE}, or
 * {@link ErrorCode#OBJECT_MISSING} where it names an object that is not there; all as {@link BackupException}. Targets
 * with credentials of their own fail with {@link ErrorCode#STORE_DENIED} where these may not do it, with
 * {@link ErrorCode#DELETION_REFUSED} where an object may not be deleted, and with {@link ErrorCode#BUCKET_NOT_FOUND}. Only
 * an {@link org.medbackup.core.error.UnavailableException} is worth another try.
 */
public interface ObjectStore extends AutoCloseable {

    /** Where this is, for people; without secrets. */
    String location();

    /**
     * Stores an object unless its name is taken. After a failure the outcome is unknown: the object is there whole, or
     * not at all.
     */
    PutOutcome putIfAbsent(ObjectName name, ObjectContent content);

    /**
     * Reads from an offset until the target is full or the object ends.
     *
     * @return how many bytes were read, 0 at or beyond the end
     */
    int read(ObjectName name, long offset, ByteBuffer target);

    /** The length of an object, empty where there is none. */
    OptionalLong length(ObjectName name);

    /**
     * Lists the objects whose name begins with a prefix, in the order of their names. Whatever else lies at the target
     * under names that are no {@link ObjectName} is passed over.
     */
    void list(String prefix, Consumer<ObjectInfo> visitor);

    /**
     * Deletes an object.
     *
     * @return false where there was none
     */
    boolean delete(ObjectName name);

    /** What a target can be asked beyond this, to learn what it enforces; empty where the adapter has no way to ask. */
    default Optional<Questions> questions() {
        return Optional.empty();
    }

    /** Trials of what a target refuses, for a probe. They leave an object where the target does not refuse. */
    interface Questions {

        /** Whether it refuses bytes that come with the checksum of others. */
        boolean refusesWrongChecksum(ObjectName name);

        /**
         * The names below a prefix, asked for two at a time, each page behind the one before; empty where the target has no
         * pages.
         */
        default Optional<List<ObjectName>> listInPages(String prefix) {
            return Optional.empty();
        }
    }

    /** How objects are locked here; empty where the target is not set up to lock. */
    default Optional<Locks> locks() {
        return Optional.empty();
    }

    /**
     * Retention locks: until one ends, nobody deletes the object, whoever he is. {@link #putIfAbsent} sets the one that
     * {@link ObjectContent#keeping} asks for, together with the bytes.
     */
    interface Locks {

        /**
         * Until when an object is locked, as the target says; empty where it is not.
         *
         * @throws BackupException with {@link ErrorCode#OBJECT_MISSING}
         */
        Optional<Instant> until(ObjectName name);

        /** Makes a lock last until then; one that lasts longer stays. Nothing makes one shorter. */
        void extend(ObjectName name, Instant until);
    }

    /** How what lies cold here is brought back; empty where everything can be read at once. */
    default Optional<Recall> recall() {
        return Optional.empty();
    }

    /**
     * Objects in cold storage: they are there, listed and counted, and can be read only some time after they were asked for,
     * for as long as they were asked for. Reading one that is not fails with {@link ErrorCode#OBJECT_OFFLINE}; nothing but
     * {@link #request} ever brings one back.
     */
    interface Recall {

        /** Whether an object can be read. */
        enum Readiness {
            /** Now. */
            READABLE,
            /** It was asked for, and is on its way. */
            COMING,
            /** Nobody has asked for it. */
            COLD
        }

        /** How fast it has to come; what comes faster costs more. */
        enum Speed {
            EXPEDITED,
            STANDARD,
            BULK
        }

        /**
         * Whether an object can be read, as the target says.
         *
         * @throws BackupException with {@link ErrorCode#OBJECT_MISSING}
         */
        Readiness readiness(ObjectName name);

        /**
         * Asks for an object, or for more time with one that can be read. One that is on its way stays so.
         *
         * @param keep for how long it is to be readable
         */
        void request(ObjectName name, Speed speed, Duration keep);

        /** What is known beforehand of bringing an object back; asks the target for nothing. */
        default Terms terms(ObjectName name) {
            return Terms.UNKNOWN;
        }

        /**
         * What is known beforehand of bringing objects back.
         *
         * @param tiers names of the storage tiers that lie at the target where the object lies; empty for the target of the
         *     repository itself
         * @param speeds that the target knows
         * @param longest how long it takes at most at a speed, as the maker of the target says; without those of which
         *     nobody says it
         */
        record Terms(Set<String> tiers, Set<Speed> speeds, Map<Speed, Duration> longest) {

            /** Nothing. */
            public static final Terms UNKNOWN = new Terms(Set.of(), Set.of(Speed.values()), Map.of());

            public Terms {
                tiers = Set.copyOf(tiers);
                speeds = Set.copyOf(speeds);
                longest = Map.copyOf(longest);
            }

            /** The same at a target where tiers lie. */
            public Terms at(Set<String> others) {
                return new Terms(others, speeds, longest);
            }
        }
    }

    /** Whether nothing at all lies here: no object, and nothing of anybody else. */
    boolean isEmpty();

    @Override
    void close();

    /** Bytes of the longest object that is ever taken whole. */
    int LONGEST_WHOLE = 64 << 20;

    /**
     * The whole of an object.
     *
     * @throws org.medbackup.core.error.DamageException where it is longer than {@link #LONGEST_WHOLE}, so that no target
     *     can make us take more memory
     */
    default byte[] readAll(ObjectName name) {
        long length = length(name)
                .orElseThrow(() -> ErrorCode.OBJECT_MISSING
                        .because("it is not at the target")
                        .with("object", name));
        if (length > LONGEST_WHOLE) {
            throw ErrorCode.OBJECT_DAMAGED
                    .because("it is too long to be what its name says")
                    .with("object", name);
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) length);
        int read = read(name, 0, buffer);
        if (read != length) {
            throw ErrorCode.OBJECT_DAMAGED.because("it ends before its length").with("object", name);
        }
        return buffer.array();
    }
}
