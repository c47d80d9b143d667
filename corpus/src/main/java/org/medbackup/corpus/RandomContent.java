package org.medbackup.corpus;

import java.util.List;

/** Contents of files, of sizes around the boundaries of blocks, bundles and chunks. */
final class RandomContent {

    private static final int SPARSE_UNIT = 64 << 10;

    private static final List<Long> SMALL_BOUNDARIES = List.of(0L, 1L, 4095L, 4096L, 4097L, 65_535L, 65_536L, 65_537L);
    private static final List<Long> LARGE_BOUNDARIES =
            List.of(262_143L, 262_144L, 262_145L, (1L << 20) - 1, 1L << 20, (1L << 20) + 1);

    private RandomContent() {}

    static Content of(SeededRandom random, long largest) {
        if (random.oneIn(16) && largest >= 4 * SPARSE_UNIT) {
            return sparse(random, largest);
        }
        long size = size(random);
        return stretch(random, size <= largest ? size : size % largest);
    }

    private static long size(SeededRandom random) {
        return switch (random.below(16)) {
            case 0, 1, 2, 3 -> random.pick(SMALL_BOUNDARIES);
            case 4, 5 -> random.pick(LARGE_BOUNDARIES);
            case 6 -> random.between(2L << 20, 5L << 20);
            default -> random.geometric(2000);
        };
    }

    /** Data of one kind. One of few seeds in four cases: the same bytes lie in several files. */
    private static Content stretch(SeededRandom random, long size) {
        long seed = random.oneIn(4) ? random.below(3) : random.nextLong();
        return switch (random.below(8)) {
            case 0 -> Content.zeros(size);
            case 1, 2 -> Content.text(seed, size);
            case 3, 4 -> Content.halfCompressible(seed, size);
            default -> Content.random(seed, size);
        };
    }

    /** Holes begin and end at multiples of 64 KiB, where every file system can have them. */
    private static Content sparse(SeededRandom random, long largest) {
        Content content = Content.EMPTY;
        long units = random.between(3L, Math.min(largest / SPARSE_UNIT, 64L));
        boolean hole = random.nextBoolean();
        while (content.size() < units * SPARSE_UNIT) {
            long length =
                    Math.min(random.between(1L, hole ? 12L : 2L) * SPARSE_UNIT, units * SPARSE_UNIT - content.size());
            content = content.then(hole ? Content.hole(length) : stretch(random, length));
            hole = !hole;
        }
        return content;
    }

    /** Changes content as programs do, so that holes stay at their multiples. */
    static Content rewritten(SeededRandom random, Content old) {
        Content fresh = stretch(random, random.pick(1, 13, 4096, 1 + random.geometric(10_000), SPARSE_UNIT));
        long size = old.size();
        boolean sparse = old.isSparse();
        long at = sparse ? random.below(size / SPARSE_UNIT) * SPARSE_UNIT : random.below(size + 1);
        return switch (random.below(6)) {
            case 0, 1 -> old.then(fresh);
            case 2 -> size == 0 ? fresh : old.slice(0, Math.min(at, size - 1));
            case 3 -> sparse ? old.then(fresh) : old.insert(at, fresh);
            case 4 -> sparse ? old.slice(0, at) : old.delete(at, Math.min(size, at + fresh.size()));
            default -> old.overwrite(at, sparse ? stretch(random, SPARSE_UNIT) : fresh);
        };
    }
}
