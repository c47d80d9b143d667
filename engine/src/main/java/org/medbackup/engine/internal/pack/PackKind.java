package org.medbackup.engine.internal.pack;

import java.util.Arrays;
import java.util.HexFormat;
import org.medbackup.core.spi.store.ObjectName;
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

    /** Whether a name is one of a pack. */
    public static boolean isPack(ObjectName name) {
        return Arrays.stream(values()).anyMatch(kind -> name.text().startsWith(kind.prefix()));
    }

    /** The digest in a pack's name. */
    public static byte[] idOf(ObjectName pack) {
        String name = pack.text();
        return HexFormat.of().parseHex(name.substring(name.lastIndexOf('/') + 1));
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
