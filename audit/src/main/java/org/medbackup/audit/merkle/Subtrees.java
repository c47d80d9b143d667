package org.medbackup.audit.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * A tree whose perfect subtrees can be asked for; from these follow roots and proofs of every size, each with a number of
 * questions that grows with the logarithm of the size.
 */
@FunctionalInterface
public interface Subtrees {

    /** The hash over the {@code 2^height} leaves from {@code index * 2^height} on. */
    Hash perfect(int height, long index);

    /** The root of the tree over the first leaves. */
    default Hash root(long size) {
        return size == 0 ? Hash.EMPTY_TREE : range(0, size);
    }

    private Hash range(long begin, long end) {
        long length = end - begin;
        if (Long.bitCount(length) == 1) {
            int height = Long.numberOfTrailingZeros(length);
            return perfect(height, begin >> height);
        }
        long left = Long.highestOneBit(length);
        return Hash.node(range(begin, begin + left), range(begin + left, end));
    }

    /**
     * The proof that a leaf is in the tree over the first leaves.
     *
     * @throws IllegalArgumentException where it is not
     */
    default InclusionProof inclusion(long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("the leaf is not in the tree");
        }
        var path = new ArrayList<Hash>();
        long begin = 0;
        long end = size;
        while (end - begin > 1) {
            long middle = begin + largestBelow(end - begin);
            if (index < middle) {
                path.addFirst(range(middle, end));
                end = middle;
            } else {
                path.addFirst(range(begin, middle));
                begin = middle;
            }
        }
        return new InclusionProof(index, size, path);
    }

    /**
     * The proof that the tree over the first {@code to} leaves begins with that over the first {@code from}.
     *
     * @throws IllegalArgumentException where {@code from} is negative or greater than {@code to}
     */
    default ConsistencyProof consistency(long from, long to) {
        List<Hash> path = new ArrayList<>();
        if (0 < from && from < to) {
            long begin = 0;
            long end = to;
            boolean whole = true;
            while (from != end) {
                long middle = begin + largestBelow(end - begin);
                if (from <= middle) {
                    path.addFirst(range(middle, end));
                    end = middle;
                } else {
                    path.addFirst(range(begin, middle));
                    begin = middle;
                    whole = false;
                }
            }
            if (!whole) {
                path.addFirst(range(begin, end));
            }
        }
        return new ConsistencyProof(from, to, path);
    }

    /** The largest power of two below a number greater than one: where RFC 9162 splits a tree. */
    private static long largestBelow(long length) {
        return Long.highestOneBit(length - 1);
    }
}
