package org.medbackup.audit.merkle;

/**
 * The state of a log: who holds this pair can later tell whether the log was only appended to.
 *
 * @param size number of leaves
 * @param root hash of the tree over all of them
 */
public record TreeHead(long size, Hash root) {

    /** The head of a tree without leaves. */
    public static final TreeHead EMPTY = new TreeHead(0, Hash.EMPTY_TREE);

    public TreeHead {
        if (size < 0) {
            throw new IllegalArgumentException("a tree has no negative size");
        }
    }
}
