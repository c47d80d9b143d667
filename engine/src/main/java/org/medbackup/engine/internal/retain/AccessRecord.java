package org.medbackup.engine.internal.retain;

import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.keys.KeyRing;

/** What an object of the rules of access says: one version of them, or that an approval was used up. Never changed or deleted. */
public sealed interface AccessRecord {

    /** The beginning of the names of these objects. */
    String PREFIX = "l/";

    /** What the names look like behind it. */
    Pattern NAME = Pattern.compile("[0-9]{10}|used-[0-9a-f]{32}");

    /** How they are written. */
    AdministratorRecord RECORD =
            new AdministratorRecord(Envelope.Kind.ACCESS, "mb/access/v1", "mb/access/named/v1", "rule of access");

    /**
     * One version.
     *
     * @param version from 1
     * @param text of the rules and their signatures
     */
    record Version(int version, String text) implements AccessRecord {}

    /**
     * An approval counts no more.
     *
     * @param time when it was used
     */
    record Used(Instant time) implements AccessRecord {}

    /** The name of a version. */
    static ObjectName version(int version) {
        return ObjectName.of(PREFIX + String.format(Locale.ROOT, "%010d", version));
    }

    /**
     * The name of what says that an approval was used.
     *
     * @param approval 32 hexadecimal digits
     */
    static ObjectName used(String approval) {
        return ObjectName.of(PREFIX + "used-" + approval);
    }

    /** Whether a name is one of a version. */
    static boolean isVersion(ObjectName name) {
        return name.text().length() == PREFIX.length() + 10
                && NAME.matcher(name.text().substring(PREFIX.length())).matches();
    }

    /** Whether a name is one of what says that an approval was used. */
    static boolean isUsed(ObjectName name) {
        return name.text().startsWith(PREFIX + "used-");
    }

    /** The bytes of its object; only with the administrator's keys. */
    default byte[] encode(ObjectName name, KeyRing keys, Entropy entropy) {
        return RECORD.encode(plain(), name, keys, entropy);
    }

    /** What it says, before it is sealed. */
    default byte[] plain() {
        var plain = new ByteWriter();
        switch (this) {
            case Version(int version, String text) ->
                plain.u8(0).varint(version).text(text);
            case Used(Instant time) -> plain.u8(1).u64(time.toEpochMilli());
        }
        return plain.toBytes();
    }

    /**
     * Proves that the administrator has signed an object; needs the key of the index alone.
     *
     * @throws DamageException where he has not
     */
    static void verified(byte[] object, ObjectName name, KeyRing keys) {
        RECORD.verified(object, name, keys);
    }

    /**
     * Reads an object.
     *
     * @throws DamageException where it is not that
     */
    static AccessRecord decode(byte[] object, ObjectName name, KeyRing keys) {
        return RECORD.read(object, name, keys, AccessRecord::read);
    }

    private static AccessRecord read(ByteReader in) {
        return in.u8() == 0 ? new Version((int) in.varint(), in.text()) : new Used(Instant.ofEpochMilli(in.u64()));
    }
}
