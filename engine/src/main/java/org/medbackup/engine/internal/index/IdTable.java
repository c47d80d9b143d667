package org.medbackup.engine.internal.index;

import org.medbackup.engine.internal.chunk.ChunkId;

/**
 * A set of chunk ids of bounded size, 20 bytes of each (as many as a segment keeps). Open addressing over primitive
 * arrays: about 30 bytes an id. Safe for use by several threads.
 */
public final class IdTable {

    private static final int SMALLEST = 1024;

    private long[] first = new long[SMALLEST];
    private long[] second = new long[SMALLEST];
    private int[] third = new int[SMALLEST];
    private boolean[] taken = new boolean[SMALLEST];
    private int size;

    /** Adds an id; false where it was there. */
    public synchronized boolean add(ChunkId id) {
        if (2 * (size + 1) > taken.length) {
            grow();
        }
        return insert(id.word(0), id.word(8), (int) (id.word(16) >>> 32));
    }

    /** Whether an id is there. */
    public synchronized boolean contains(ChunkId id) {
        long a = id.word(0);
        for (int at = (int) a & taken.length - 1; taken[at]; at = at + 1 & taken.length - 1) {
            if (first[at] == a && second[at] == id.word(8) && third[at] == (int) (id.word(16) >>> 32)) {
                return true;
            }
        }
        return false;
    }

    private boolean insert(long a, long b, int c) {
        // The ids are uniformly distributed, so that their own bits are the best hash.
        int at = (int) a & taken.length - 1;
        while (taken[at]) {
            if (first[at] == a && second[at] == b && third[at] == c) {
                return false;
            }
            at = at + 1 & taken.length - 1;
        }
        taken[at] = true;
        first[at] = a;
        second[at] = b;
        third[at] = c;
        size++;
        return true;
    }

    private void grow() {
        long[] oldFirst = first;
        long[] oldSecond = second;
        int[] oldThird = third;
        boolean[] oldTaken = taken;
        int room = taken.length * 2;
        first = new long[room];
        second = new long[room];
        third = new int[room];
        taken = new boolean[room];
        size = 0;
        for (int i = 0; i < oldTaken.length; i++) {
            if (oldTaken[i]) {
                insert(oldFirst[i], oldSecond[i], oldThird[i]);
            }
        }
    }

    public synchronized int size() {
        return size;
    }

    /** Forgets all ids. */
    public synchronized void clear() {
        first = new long[SMALLEST];
        second = new long[SMALLEST];
        third = new int[SMALLEST];
        taken = new boolean[SMALLEST];
        size = 0;
    }
}
