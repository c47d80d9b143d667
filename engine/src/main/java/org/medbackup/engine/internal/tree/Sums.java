package org.medbackup.engine.internal.tree;

import org.medbackup.engine.internal.codec.ByteReader;
import org.medbackup.engine.internal.codec.ByteWriter;

/**
 * What lies below a page.
 *
 * @param entries of all types
 * @param files regular ones
 * @param bytes of all files, holes counted
 */
public record Sums(long entries, long files, long bytes) {

    static final Sums NONE = new Sums(0, 0, 0);

    Sums plus(Sums other) {
        return new Sums(entries + other.entries, files + other.files, bytes + other.bytes);
    }

    Sums plus(Node node) {
        boolean file = node.type() == NodeType.FILE;
        return new Sums(entries + 1, files + (file ? 1 : 0), bytes + node.size());
    }

    void encode(ByteWriter out) {
        out.varint(entries).varint(files).varint(bytes);
    }

    static Sums decode(ByteReader in) {
        return new Sums(in.varint(), in.varint(), in.varint());
    }
}
