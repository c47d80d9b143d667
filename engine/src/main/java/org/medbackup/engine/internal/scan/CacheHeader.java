package org.medbackup.engine.internal.scan;

import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;
import org.medbackup.linux.FileTime;

/**
 * What a scan cache says of the run that wrote it.
 *
 * @param repository id, 16 bytes
 * @param snapshot id of its restore point, 16 bytes
 * @param started wall clock when its walk began
 * @param collection the index root's count of collections then
 * @param cutting number of the rules by which files were cut
 */
public record CacheHeader(byte[] repository, byte[] snapshot, FileTime started, long collection, int cutting) {

    void encode(ByteWriter out) {
        out.raw(repository).raw(snapshot).zigzag(started.seconds()).varint(started.nanos());
        out.varint(collection).varint(cutting);
    }

    static CacheHeader decode(ByteReader in) {
        return new CacheHeader(
                in.raw(16),
                in.raw(16),
                new FileTime(in.zigzag(), in.count(999_999_999)),
                in.varint(),
                in.count(Integer.MAX_VALUE));
    }
}
