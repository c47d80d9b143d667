package org.medbackup.engine.internal.backup;

import java.util.concurrent.atomic.LongAdder;
import org.medbackup.core.content.FileKind;
import org.medbackup.core.content.Randomness;

/** A look at a large file: its first bytes, and a short sample of each chunk. Safe for use by several threads. */
final class LargeLook {

    private final FileKind head;
    private final LongAdder looked = new LongAdder();
    private final LongAdder random = new LongAdder();

    /** A file whose beginning is of a kind. */
    LargeLook(FileKind head) {
        this.head = head;
    }

    /** The kind by the first bytes. */
    FileKind head() {
        return head;
    }

    /** A chunk of it was read. */
    void chunk(byte[] bytes, int offset, int length) {
        looked.add(length);
        if (!head.isKnownByMagic()) {
            int sample = Math.min(length, Randomness.SAMPLE);
            random.add(Randomness.looksRandom(bytes, offset + (length - sample) / 2, sample) ? length : 0);
        }
    }

    long looked() {
        return looked.sum();
    }

    long random() {
        return random.sum();
    }

    /** Its kind as a whole: what begins plainly and is random for the greater part is mixed. */
    FileKind kind() {
        return head == FileKind.PLAIN && 2 * random.sum() > looked.sum() ? FileKind.MIXED : head;
    }
}
