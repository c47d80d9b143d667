package org.medbackup.engine.internal.pack;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.keys.KeyDomain;

/** Kinds of packs, told apart by their folder. */
public enum PackKind {
    DATA("d", KeyDomain.Kind.DATA, 1),
    /** Pages of trees, stored twice. */
    META("m", KeyDomain.Kind.META, 2),
    /** Reference pages, stored twice. */
    REFERENCES("r", KeyDomain.Kind.REFERENCES, 2);

    private final String folder;
    private final KeyDomain.Kind domain;
    private final int copies;

    PackKind(String folder, KeyDomain.Kind domain, int copies) {
        this.folder = folder;
        this.domain = domain;
        this.copies = copies;
    }

    /** How many packs hold each chunk of this kind. */
    public int copies() {
        return copies;
    }

    /** The beginning of the names of its packs. */
    public String prefix() {
        return folder + "/";
    }

    /** The name of the pack with this digest. */
    public ObjectName name(byte[] id) {
        String hex = HexFormat.of().formatHex(id);
        return ObjectName.of(folder + "/" + hex.substring(0, 2) + "/" + hex);
    }

    /** The id in the name of a pack of this kind, empty where the name is no such; what lies there then is not ours. */
    public Optional<byte[]> id(ObjectName name) {
        String hex = name.text().substring(name.text().lastIndexOf('/') + 1);
        if (hex.length() != 2 * Crypto.KEY || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.empty();
        }
        byte[] id = HexFormat.of().parseHex(hex);
        return name(id).equals(name) ? Optional.of(id) : Optional.empty();
    }

    /** The id in the name of a pack of any kind, empty where the name is no such. */
    public static Optional<byte[]> idOf(ObjectName name) {
        return Arrays.stream(values()).flatMap(kind -> kind.id(name).stream()).findFirst();
    }

    /** The kind of packs that hold the chunks of a domain. */
    public static PackKind of(KeyDomain.Kind kind) {
        for (PackKind each : values()) {
            if (each.domain == kind) {
                return each;
            }
        }
        throw new IllegalArgumentException("no packs for " + kind);
    }

    /** The number that stands for it in an index segment. */
    public int code() {
        return domain.code();
    }

    /**
     * The kind of a number.
     *
     * @throws org.medbackup.engine.internal.codec.MalformedException where there is none
     */
    public static PackKind of(int code) {
        return of(KeyDomain.Kind.of(code));
    }
}
