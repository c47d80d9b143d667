package org.medbackup.engine.internal.scan;

import java.util.List;
import java.util.SortedMap;
import org.medbackup.core.PathBytes;
import org.medbackup.core.content.FileKind;
import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.tree.Extent;
import org.medbackup.engine.internal.tree.NodeType;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.FileTime;

/** A record of a scan cache. */
public sealed interface CacheRecord {

    /**
     * An entry as it was last time.
     *
     * @param path of the entry
     * @param type of the entry
     * @param ancestor whether it is only on the way
     * @param size of a file
     * @param crc of a small file
     * @param large whether parts and an end follow
     * @param pages whether a large file was cut on the grid
     * @param attributes encoded
     * @param extents of a small file
     * @param kind what a file's content looked like
     */
    record Entry(
            PathBytes path,
            NodeType type,
            boolean ancestor,
            long size,
            int crc,
            boolean large,
            boolean pages,
            byte[] attributes,
            List<Extent> extents,
            FileKind kind)
            implements CacheRecord {

        /** One at whose content nobody has looked. */
        public Entry(
                PathBytes path,
                NodeType type,
                boolean ancestor,
                long size,
                int crc,
                boolean large,
                boolean pages,
                byte[] attributes,
                List<Extent> extents) {
            this(path, type, ancestor, size, crc, large, pages, attributes, extents, FileKind.UNKNOWN);
        }

        /**
         * Whether the entry is the same as it was: type, size, inode number and both times agree, and the inode was last
         * changed at least two seconds before the walk that saw it, so that no later change can hide in the same tick of
         * the clock (the "racy clean" rule).
         */
        public boolean isUnchanged(FileStatus now, FileTime walkStarted) {
            if (type.fileType() != now.type() || type == NodeType.FILE && size != now.size()) {
                return false;
            }
            var in = new ByteReader(attributes);
            in.varint();
            in.varint();
            in.varint();
            long inode = in.varint();
            var modified = new FileTime(in.zigzag(), (int) in.varint());
            var changed = new FileTime(in.zigzag(), (int) in.varint());
            return inode == now.inode()
                    && modified.equals(now.modified())
                    && changed.equals(now.changed())
                    && changed.isBefore(new FileTime(walkStarted.seconds() - 2, walkStarted.nanos()));
        }
    }

    /** A region of the large file before it. */
    record Part(CachedPart part) implements CacheRecord {}

    /**
     * The end of a large file.
     *
     * @param size that was read
     * @param crc of the whole
     * @param reusable whether it was read without a change under way
     */
    record End(long size, int crc, boolean reusable) implements CacheRecord {}

    /**
     * What the restore point says of its application; stands first.
     *
     * @param evidence as it was committed
     */
    record Facts(SortedMap<String, String> evidence) implements CacheRecord {}

    /**
     * The end of the cache.
     *
     * @param manifest SHA-256 of the restore point's manifest object
     */
    record Finish(byte[] manifest) implements CacheRecord {}
}
