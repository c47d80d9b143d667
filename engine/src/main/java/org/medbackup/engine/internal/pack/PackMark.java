package org.medbackup.engine.internal.pack;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * What a pack's header tells of its place, for one who copies the pack as it is.
 *
 * @param placement number of its class of placement, 0 for none
 * @param generation of the retention lock, 0 for none
 */
public record PackMark(int placement, int generation) {

    private static final int AT = 8;

    /** The mark of a pack whose bytes are known to be right. */
    public static PackMark of(MemorySegment pack) {
        int generation = 0;
        for (int i = 0; i < 3; i++) {
            generation |= (pack.get(JAVA_BYTE, AT + i) & 0xff) << 8 * i;
        }
        return new PackMark(pack.get(JAVA_BYTE, AT + 3) & 0xff, generation);
    }
}
