package org.medbackup.engine.internal.tree;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.engine.internal.codec.MalformedException;
import org.medbackup.linux.FileTime;

/**
 * What a directory entry says of a file beside its name, size and content.
 *
 * @param permissions with set-uid, set-gid and sticky
 * @param uid owner
 * @param gid group
 * @param user the owner's name on the machine that was backed up, empty where it had none
 * @param group the group's name
 * @param modified time of the content
 * @param changed time of the inode; told, never restored
 * @param born time of creation; told, never restored
 * @param inode its number, by which hard links are told
 * @param links count of hard links
 * @param device the file system's number, kept where links are more than 1
 * @param special number of a device node
 * @param flags inode flags
 * @param symlink target of a symlink
 * @param extended attributes
 */
public record Attributes(
        int permissions,
        int uid,
        int gid,
        String user,
        String group,
        FileTime modified,
        FileTime changed,
        FileTime born,
        long inode,
        int links,
        long device,
        long special,
        int flags,
        byte[] symlink,
        SortedMap<String, byte[]> extended) {

    private static final int TAG_USER = 1;
    private static final int TAG_GROUP = 2;
    private static final int TAG_SYMLINK = 3;
    private static final int TAG_EXTENDED = 4;
    private static final int TAG_SPECIAL = 5;
    private static final int TAG_FLAGS = 6;
    private static final int TAG_LINKS = 7;
    private static final int TAG_BORN = 8;

    public Attributes {
        extended = Collections.unmodifiableSortedMap(new TreeMap<>(extended));
    }

    /** The encoded form, the same bytes for the same attributes. */
    public byte[] encode() {
        var out = new ByteWriter(96);
        out.varint(permissions)
                .varint(uid & 0xffffffffL)
                .varint(gid & 0xffffffffL)
                .varint(inode);
        time(out, modified);
        time(out, changed);
        if (!user.isEmpty()) {
            out.varint(TAG_USER).text(user);
        }
        if (!group.isEmpty()) {
            out.varint(TAG_GROUP).text(group);
        }
        if (symlink.length > 0) {
            out.field(TAG_SYMLINK, symlink);
        }
        extended.forEach((name, value) ->
                out.field(TAG_EXTENDED, new ByteWriter().text(name).raw(value)));
        if (special != 0) {
            out.field(TAG_SPECIAL, new ByteWriter().varint(special));
        }
        if (flags != 0) {
            out.field(TAG_FLAGS, new ByteWriter().varint(flags & 0xffffffffL));
        }
        if (links > 1) {
            out.field(TAG_LINKS, new ByteWriter().varint(links).varint(device));
        }
        if (born.seconds() != 0 || born.nanos() != 0) {
            var field = new ByteWriter();
            time(field, born);
            out.field(TAG_BORN, field);
        }
        return out.toBytes();
    }

    private static void time(ByteWriter out, FileTime time) {
        out.zigzag(time.seconds()).varint(time.nanos());
    }

    private static FileTime time(ByteReader in) {
        long seconds = in.zigzag();
        return new FileTime(seconds, in.count(999_999_999));
    }

    /**
     * Reads what {@link #encode} made; passes over fields it does not know.
     *
     * @throws MalformedException where it is not that
     */
    public static Attributes decode(byte[] bytes) {
        var in = new ByteReader(bytes);
        int permissions = in.count(07777);
        int uid = (int) in.varint();
        int gid = (int) in.varint();
        long inode = in.varint();
        FileTime modified = time(in);
        FileTime changed = time(in);
        String user = "";
        String group = "";
        byte[] symlink = new byte[0];
        var extended = new TreeMap<String, byte[]>();
        long special = 0;
        int flags = 0;
        int links = 1;
        long device = 0;
        FileTime born = new FileTime(0, 0);
        while (!in.atEnd()) {
            long tag = in.varint();
            ByteReader field = in.nested();
            switch ((int) tag) {
                case TAG_USER -> user = text(field);
                case TAG_GROUP -> group = text(field);
                case TAG_SYMLINK -> symlink = field.raw(field.remaining());
                case TAG_EXTENDED -> extended.put(field.text(), field.raw(field.remaining()));
                case TAG_SPECIAL -> special = field.varint();
                case TAG_FLAGS -> flags = (int) field.varint();
                case TAG_LINKS -> {
                    links = field.count(Integer.MAX_VALUE);
                    device = field.varint();
                }
                case TAG_BORN -> born = time(field);
                default -> {
                    // Of a later version.
                }
            }
        }
        return new Attributes(
                permissions,
                uid,
                gid,
                user,
                group,
                modified,
                changed,
                born,
                inode,
                links,
                device,
                special,
                flags,
                symlink,
                extended);
    }

    private static String text(ByteReader field) {
        return new String(field.raw(field.remaining()), java.nio.charset.StandardCharsets.UTF_8);
    }
}
