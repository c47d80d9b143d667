package org.medbackup.audit.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * Shows that a tree is an earlier one with leaves appended, and nothing else (RFC 9162, 2.1.4).
 *
 * @param from number of leaves of the earlier tree
 * @param to number of leaves of the later tree
 * @param path the hashes from which both roots follow
 */
public record ConsistencyProof(long from, long to, List<Hash> path) {

    public ConsistencyProof {
        if (from < 0 || from > to) {
            throw new IllegalArgumentException("the earlier tree is not the smaller one");
        }
        path = List.copyOf(path);
    }

    /**
     * Whether it shows that the tree with the later root begins with the whole tree of the earlier root (RFC 9162,
     * 2.1.4.2). Every tree begins with the empty one.
     */
    public boolean verifies(Hash earlier, Hash later) {
        if (from == 0) {
            return path.isEmpty() && earlier.equals(Hash.EMPTY_TREE) && (to > 0 || later.equals(earlier));
        }
        if (from == to) {
            return path.isEmpty() && earlier.equals(later);
        }
        List<Hash> hashes = new ArrayList<>(path);
        if (Long.bitCount(from) == 1) {
            hashes.addFirst(earlier);
        }
        return !hashes.isEmpty() && follow(hashes, earlier, later);
    }

    private boolean follow(List<Hash> hashes, Hash earlier, Hash later) {
        int shared = Long.numberOfTrailingZeros(from);
        long at = (from - 1) >> shared;
        long last = (to - 1) >> shared;
        Hash first = hashes.getFirst();
        Hash second = first;
        for (Hash beside : hashes.subList(1, hashes.size())) {
            if (last == 0) {
                return false;
            }
            if ((at & 1) == 1 || at == last) {
                first = Hash.node(beside, first);
                second = Hash.node(beside, second);
                int skipped = at == 0 ? 0 : Long.numberOfTrailingZeros(at);
                at >>= skipped;
                last >>= skipped;
            } else {
                second = Hash.node(second, beside);
            }
            at >>= 1;
            last >>= 1;
        }
        return last == 0 && first.equals(earlier) && second.equals(later);
    }
}
