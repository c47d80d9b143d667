package org.medbackup.app.oracle.fake;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What the data means: four accounts between which money moves, and in a fifth block how often it moved. A recovered
 * database is right where the balances are those after so many transfers; otherwise it starts just as well.
 *
 * @param balances of the accounts
 * @param transfers how many, as far as the database knows
 */
public record Bank(List<Long> balances, long transfers) {

    static final int ACCOUNTS = 4;
    static final int COUNT = 4;
    static final int BLOCKS = 5;

    static Bank of(long[] blocks) {
        return new Bank(LongStream.of(Arrays.copyOf(blocks, ACCOUNTS)).boxed().toList(), blocks[COUNT]);
    }

    /** In which data file a block is. */
    static int file(int block) {
        return block == 2 || block == 3 ? 2 : 1;
    }

    static List<Integer> blocks(int file) {
        return file == 1 ? List.of(0, 1, COUNT) : List.of(2, 3);
    }

    public boolean isConsistent() {
        var right = new long[ACCOUNTS];
        for (long n = 1; n <= transfers; n++) {
            right[(int) (n % ACCOUNTS)] -= n;
            right[(int) ((n + 1) % ACCOUNTS)] += n;
        }
        return balances.equals(LongStream.of(right).boxed().toList());
    }
}
