package org.medbackup.engine.internal.backup;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.medbackup.linux.NativeMemory;

/** Memory for packs that are being filled or stored, used again and again. Safe for use by several threads. */
final class PackMemory implements AutoCloseable {

    private final long packLength;
    private final Deque<NativeMemory> free = new ArrayDeque<>();
    private final Map<Long, NativeMemory> lent = new HashMap<>();

    PackMemory(long packLength) {
        this.packLength = packLength;
    }

    synchronized MemorySegment take() {
        NativeMemory memory = free.isEmpty() ? NativeMemory.allocate(packLength) : free.pop();
        lent.put(memory.segment().address(), memory);
        return memory.segment();
    }

    synchronized void giveBack(MemorySegment segment) {
        NativeMemory memory = lent.remove(segment.address());
        if (memory != null) {
            free.push(memory);
        }
    }

    /** Gives all memory back to the system, what is lent included: nobody works any more. */
    @Override
    public synchronized void close() {
        free.forEach(NativeMemory::close);
        lent.values().forEach(NativeMemory::close);
        free.clear();
        lent.clear();
    }
}
