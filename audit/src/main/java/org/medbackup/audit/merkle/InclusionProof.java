package org.medbackup.audit.merkle;

import java.util.List;

/**
 * Shows that a leaf is in a tree (RFC 9162, 2.1.3).
 *
 * @param index number of the leaf, from 0
 * @param size number of leaves of the tree
 * @param path the hashes beside the way from the leaf to the root, lowest first
 */
public record InclusionProof(long index, long size, List<Hash> path) {

    public InclusionProof {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("the leaf is not in the tree");
        }
        path = List.copyOf(path);
    }

    /** Whether it shows that the tree with this root has this leaf at this place (RFC 9162, 2.1.3.2). */
    public boolean verifies(Hash leaf, Hash root) {
        long at = index;
        long last = size - 1;
        Hash hash = leaf;
        for (Hash beside : path) {
            if (last == 0) {
                return false;
            }
            if ((at & 1) == 1 || at == last) {
                hash = Hash.node(beside, hash);
                int skipped = at == 0 ? 0 : Long.numberOfTrailingZeros(at);
                at >>= skipped;
                last >>= skipped;
            } else {
                hash = Hash.node(hash, beside);
            }
            at >>= 1;
            last >>= 1;
        }
        return last == 0 && hash.equals(root);
    }
}
