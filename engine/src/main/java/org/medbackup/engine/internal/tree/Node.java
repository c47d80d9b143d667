package org.medbackup.engine.internal.tree;

import org.medbackup.core.PathBytes;

/**
 * An entry of a tree.
 *
 * @param path without a leading slash; the empty path is the root folder
 * @param type of entry
 * @param ancestor whether it is only on the way to a backed-up path, so that what else lay in it was not looked at
 * @param size length in bytes of a file; 0 for others
 * @param crc CRC-32C of a file's whole content, holes as zeros
 * @param attributes encoded {@link Attributes}
 * @param content of a file
 */
public record Node(
        PathBytes path, NodeType type, boolean ancestor, long size, int crc, byte[] attributes, Content content) {

    /** The decoded attributes. */
    public Attributes decodedAttributes() {
        return Attributes.decode(attributes);
    }
}
